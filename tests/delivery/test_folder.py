"""A file in a folder is whole, takes nobody's place, and is there once."""

import os
import stat
from pathlib import Path

import pytest

from trafficdesk.delivery.errors import DeliveryError
from trafficdesk.delivery.folder import put_file


def test_a_file_is_whole_and_readable_as_any_other(tmp_path: Path) -> None:
    path = put_file(tmp_path, "a b.pdf", b"content")
    assert path == tmp_path / "a b.pdf"
    other = tmp_path / "other"
    other.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)
    assert {each.name for each in tmp_path.iterdir()} == {"a b.pdf", "other"}


def test_the_same_again_is_one_file_and_another_has_its_own_name(tmp_path: Path) -> None:
    for content in (b"first", b"first", b"other", b"other", b"third"):
        put_file(tmp_path, "a.pdf", content)
    held = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert held == {"a.pdf": b"first", "a (2).pdf": b"other", "a (3).pdf": b"third"}


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError) as refused:
        put_file(tmp_path / "share", "a.pdf", b"x")
    assert (refused.value.code, refused.value.is_final) == ("folder.missing", False)
    assert not (tmp_path / "share").exists()


@pytest.mark.skipif(os.name == "nt", reason="a file stands where the folder should, as on Unix")
def test_what_takes_no_file_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeliveryError) as refused:
        put_file(tmp_path / "file", "a.pdf", b"x")
    assert refused.value.code == "folder.unwritable"
    assert refused.value.detail == "Not a directory"
