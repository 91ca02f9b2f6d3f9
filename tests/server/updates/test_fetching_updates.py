"""Desks fetch updates from the server, which hands out what IT made and nothing beside it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.server.live import Live, running, settings_for
from tests.server.minutes import await_room_in_the_minute
from tests.server.world import code_of
from tests.updates.releases import Desk, Releases
from trafficdesk.updates.errors import UNREACHABLE, UpdateError
from trafficdesk.updates.fetching import ServerSource
from trafficdesk.updates.staging import is_whole, stage


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    made = Releases(tmp_path_factory.mktemp("releases"))
    made.found()
    made.release("0.1.0")
    return made


@pytest.fixture(scope="module")
def serving(
    releases: Releases,
    clone_database: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("server")
    given = settings_for(clone_database(), folder, updates_dir=releases.repository)
    with running(given) as live:
        yield live


def test_a_desk_gets_a_version_from_its_server(serving: Live, releases: Releases) -> None:
    desk, source = Desk(releases), ServerSource(serving.url)
    found = desk.look(source)
    assert found is not None
    assert is_whole(found.manifest, stage(found, source, [], desk.versions))
    source.close()


def test_a_blob_is_gone_on_with_where_it_was_cut_off(serving: Live, releases: Releases) -> None:
    blob = max((releases.repository / "files").rglob("*.zst"), key=lambda p: p.stat().st_size)
    source = ServerSource(serving.url)
    name = blob.relative_to(releases.repository).as_posix()
    assert b"".join(source.pieces(name, 7)) == blob.read_bytes()[7:]
    source.close()


@pytest.mark.parametrize(
    "name",
    [
        *("metadata/secret", "targets/../secret", "files/../secret", "files/../../secret"),
        *("../secret", "draft/targets.json", "metadata/../secret", "secret", "metadata", ""),
        *("metadata/9.root.json", "metadata/root.json", "files/..%2f..%2fsecret", "%2e%2e/secret"),
    ],
)
def test_nothing_beside_a_repository_is_handed_out(
    serving: Live, releases: Releases, name: str
) -> None:
    for place in (releases.repository, releases.folder, releases.repository / "metadata"):
        (place / "secret").write_text("secret", encoding="utf-8")
    releases.draft("targets").write_text("draft", encoding="utf-8")
    asked = requests.Request("GET", serving.url).prepare()
    asked.url = f"{serving.url}/updates/{name}"  # as it is, and not tidied up
    with requests.Session() as session:
        answer = session.send(asked, timeout=10)
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


def test_a_server_without_a_repository_says_so(live: Live, releases: Releases) -> None:
    source = ServerSource(live.url)
    with pytest.raises(UpdateError) as raised:
        Desk(releases, "elsewhere").look(source)
    assert raised.value.code == UNREACHABLE
    source.close()


def test_one_address_has_a_limit(database_url: str, releases: Releases, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(releases.repository, tmp_path / "repository"))
    given = settings_for(database_url, tmp_path, updates_dir=folder, updates_per_minute=3)
    with running(given) as live, requests.Session() as session:
        await_room_in_the_minute()
        address = f"{live.url}/updates/metadata/timestamp.json"
        answers = [session.get(address, timeout=10).status_code for _ in range(8)]
    assert answers[:3] == [200, 200, 200]
    assert 429 in answers[3:]
