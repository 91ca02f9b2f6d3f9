"""What a finished bundle still sheds: symbols that nobody looks up, and the time it was made."""

import hashlib
import os
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

from installers.bundle import BUILD, LOADED_BY_NAME, BundleError
from sync_server.programs import run

# ICU's source/stubdata/stubdata.cpp: a header, the kind of table, and no entries.
_ICU_STUB = """
#include <stdint.h>
__attribute__((aligned(16))) const struct {
    uint16_t header_size; uint8_t magic[2];
    uint16_t info_size, reserved; uint8_t big_endian, charset, size_of_uchar, reserved_too;
    uint8_t format[4], format_version[4], data_version[4];
    uint8_t padding[8]; uint32_t count, reserved_again; uint32_t none[4];
} icudtVERSION_dat = {32, {0xda, 0x27}, 20, 0, 0, 0, 2, 0, {'T', 'o', 'C', 'P'}, {1}};
"""
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


def empty_icu(bundle: Path) -> None:
    """Put an empty table in the place of the 30 MB that Debian's ICU brings.

    Only libxml2 links it there, to read XML in rare encodings; SpatiaLite would call that for
    functions the desk does not use. Qt has an ICU of its own, which stays whole. The table is
    that of ICU's own ``stubdata``, and what asks for data is told that there is none.

    Raises:
        BundleError: no compiler is installed, or it fails.
    """
    for path in sorted((bundle / "_internal").glob("libicudata.so.*")):
        if path.is_symlink():
            continue  # Qt's
        version = path.name.rpartition(".")[2]
        source = BUILD / "icu_stub.c"
        source.write_text(_ICU_STUB.replace("VERSION", version), encoding="ascii")
        options = ["-shared", "-nostdlib", "-Wl,--build-id=none", f"-Wl,-soname,{path.name}"]
        try:
            ended = run("cc", *options, "-o", str(path), str(source))
        except FileNotFoundError:
            raise BundleError("Install gcc first: it compiles an empty ICU table.") from None
        if ended.code:
            raise BundleError(f"{path.name} cannot be emptied: {ended.err.strip()}")


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
