"""Disks of a few megabytes, to be full on."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a disk on a folder for the length of the block; the test is skipped where none may.

    ``size`` is in the words of ``mount``: ``3m`` are three megabytes.
    """
    mount = shutil.which("mount")
    if os.name != "posix" or os.geteuid() != 0 or mount is None or sys.platform != "linux":
        pytest.skip("only root may mount a small disk")
    folder.mkdir(exist_ok=True)
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={size},mode=755", "none", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no room on a folder's disk; return the file to take away again."""
    filler = folder / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler
