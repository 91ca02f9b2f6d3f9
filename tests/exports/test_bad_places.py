"""Disks that are full, folders without rights and files that are protected: told, none harmed."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.rights import without_rights
from tests.small_disks import small_disk
from trafficdesk.exports.table import Column, Table
from trafficdesk.exports.writing import LISTS, Format, write_table

HERE = tuple(form for form in LISTS if form is not Format.PDF)
HAS_RIGHTS = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are Windows' own there")


def _write(path: Path, form: Format, rows: int = 3) -> None:
    rng = Random(5)  # noqa: S311 - invented rows, no secrets
    texts = ((rng.randbytes(40).hex(),) for _ in range(rows))
    table = Table("reports", "Reports", (Column("word", "Word"),), texts)
    write_table(table, path, form, lambda _done: None)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that nobody can reach, with a file."""
    within = [each for each in tmp_path.parents if each.stat().st_uid == os.geteuid()]
    modes = {each: each.stat().st_mode for each in (tmp_path, *within)}
    for each, mode in modes.items():
        each.chmod(mode | 0o055)
    made = tmp_path / "given"
    made.mkdir(mode=0o777)
    made.chmod(0o777)
    yield made
    for each, mode in modes.items():
        each.chmod(mode)


def test_a_disk_that_is_full_is_said_to_be_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "256k") as disk:
        for form in HERE:
            path = disk / f"list.{form}"
            path.write_text("before")
            with pytest.raises(OSError, match=r".") as refused:
                _write(path, form, 20_000)
            assert refused.value.errno == errno.ENOSPC, form
            assert [each.name for each in disk.iterdir()] == [path.name]
            assert path.read_text() == "before"
            path.unlink()


@HAS_RIGHTS
def test_a_folder_without_rights_takes_none(folder: Path) -> None:
    for form in HERE:
        _write(folder / f"loaded.{form}", form)  # nobody may not even read Python's own modules
        (folder / f"loaded.{form}").unlink()
    folder.chmod(0o555)
    with without_rights():
        for form in HERE:
            with pytest.raises(OSError, match=r".") as refused:
                _write(folder / f"list.{form}", form)
            assert refused.value.errno == errno.EACCES, form
    assert list(folder.iterdir()) == []


@HAS_RIGHTS
def test_a_file_that_is_protected_is_not_replaced(folder: Path) -> None:
    path = folder / "list.csv"
    path.write_text("before")
    path.chmod(0o444)
    read = list[int]()

    def rows() -> Iterator[tuple[str]]:
        read.append(1)
        yield ("word",)

    table = Table("reports", "Reports", (Column("word", "Word"),), rows())
    with without_rights(), pytest.raises(PermissionError):
        write_table(table, path, Format.CSV, lambda _done: None)
    assert read == [], "it is told before anything is read"
    assert [each.name for each in folder.iterdir()] == [path.name]
    assert path.read_text() == "before"
