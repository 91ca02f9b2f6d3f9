"""A machine asks whom its policy names, and nobody where that cannot be understood."""

from pathlib import Path
from typing import Any

import pytest

from trafficdesk.policy.reading import read_sections
from trafficdesk.updates.errors import MISLED, UpdateError
from trafficdesk.updates.fetching import BlobSource, FolderSource, ServerSource
from trafficdesk.updates.sources import source_for

SERVER = {"address": "https://sync.example"}


def named(folder: Path | None = None, **sections: dict[str, Any]) -> BlobSource | None:
    return source_for(read_sections(sections, "policies.json"), folder)


def test_without_a_word_it_is_the_server_that_the_policy_names() -> None:
    assert named() is None
    source = named(server=SERVER)
    assert isinstance(source, ServerSource)
    source.close()


def test_a_policy_may_name_a_folder_or_nothing() -> None:
    assert isinstance(named(updates={"source": "/srv/updates"}), FolderSource)
    assert named(server=SERVER, updates={"source": "off"}) is None


@pytest.mark.parametrize(
    "rules", [{"source": "Off"}, {"source": "updates"}, {"channel": "beta"}, {"of": True}]
)
def test_words_that_cannot_be_understood_may_have_said_off(rules: dict[str, Any]) -> None:
    with pytest.raises(UpdateError) as raised:
        named(server=SERVER, updates=rules)
    assert raised.value.code == MISLED


def test_an_administrator_with_a_stick_needs_no_policy(tmp_path: Path) -> None:
    assert isinstance(named(tmp_path, updates={"source": "Off"}), FolderSource)
