"""What is said of a file that could not be written tells what to do."""

import errno
import os

import pytest

from trafficdesk.exports.table import ExportCancelledError
from trafficdesk.qt.exporting.export_words import failure_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full. Free some space"),
        (errno.EFBIG, "the disk is full"),
        (errno.EACCES, "open in another program"),
        (errno.EROFS, "takes none"),
        (errno.ENOENT, "its folder is not there"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_each_fault_has_its_sentence(number: int, words: str) -> None:
    told = failure_words(OSError(number, os.strerror(number), "list.csv"))
    assert told.startswith("The file could not be written: ")
    assert words in told


def test_a_fault_that_is_none_of_files_is_a_bug() -> None:
    assert failure_words(ExportCancelledError()) == "Export stopped; nothing was written"
    with pytest.raises(KeyError):
        failure_words(KeyError("x"))
