"""What a finished bundle still sheds: symbols that nobody looks up, and the time it was made."""

import hashlib
import os
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

from installers.bundle import BUILD, LOADED_BY_NAME, BundleError
from sync_server.programs import run

_ELF = b"\x7fELF"
_PT_LOAD = 1


def strip(bundle: Path) -> None:
    """Take symbol tables and debug information from every library of a Linux bundle.

    What NSS loads is left as it is: it is signed by the ``.chk`` files beside it. So is what would
    not load any more: binutils misplace the segments of some libraries that a wheel's maker moved.

    Raises:
        BundleError: binutils are not installed, or cannot read a library.
    """
    program = shutil.which("strip")
    if program is None:
        raise BundleError("Install binutils first: they strip the libraries.")
    BUILD.mkdir(parents=True, exist_ok=True)
    stripped = BUILD / "stripped"
    for path in files_of(bundle):
        if ".so" not in path.name or LOADED_BY_NAME.search(path.name) or not _is_elf(path):
            continue
        ended = run(program, "--strip-unneeded", "-o", str(stripped), str(path))
        if ended.code:
            raise BundleError(f"{path.name} cannot be stripped: {ended.err.strip()}")
        if is_loadable(stripped.read_bytes()):
            shutil.copyfile(stripped, path)


def is_loadable(library: bytes) -> bool:
    """Tell whether each segment lies in a 64-bit library as its address in memory asks.

    The rule is that of the System V ABI: offset and address are the same, modulo the alignment.
    """
    (table,) = struct.unpack_from("<Q", library, 0x20)
    size, count = struct.unpack_from("<HH", library, 0x36)
    for at in range(table, table + size * count, size):
        kind, _, offset, address, _, _, _, alignment = struct.unpack_from("<IIQQQQQQ", library, at)
        if kind == _PT_LOAD and alignment and (offset - address) % alignment:
            return False
    return True


def files_of(bundle: Path) -> Iterator[Path]:
    """Yield the files of a bundle, without links, in a fixed order."""
    return (p for p in sorted(bundle.rglob("*")) if p.is_file() and not p.is_symlink())


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_ELF)) == _ELF


def date(bundle: Path, made_at: int) -> None:
    """Give everything one time: that of the source it is made from, in seconds of the epoch."""
    for path in sorted(bundle.rglob("*"), reverse=True):
        if not path.is_symlink():
            os.utime(path, (made_at, made_at))
    os.utime(bundle, (made_at, made_at))


def write_sums(bundle: Path, sums: Path) -> None:
    """Write the SHA-256 of every file, in the form that ``sha256sum --check`` reads."""
    lines = []
    for path in files_of(bundle):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines.append(f"{digest}  {path.relative_to(bundle).as_posix()}\n")
    sums.write_text("".join(lines), encoding="utf-8")
