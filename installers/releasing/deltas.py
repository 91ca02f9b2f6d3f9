"""What is other in a file than in the releases before: of a program of 16 MB mostly some kB.

A frozen program holds its modules one by one, each packed for itself: a module that did not change
has the same bytes in every release, only elsewhere. zstd finds them in the older program, which it
is given as its dictionary.
"""

from collections.abc import Sequence
from typing import Final

import msgspec
import zstandard

from installers.releasing.repository import Repository, put
from trafficdesk.updates.blobs import basis_of, sha256_of
from trafficdesk.updates.manifest import MOST_BASIS_BYTES, Delta, FileEntry, Manifest

_LEVEL: Final = 19  # those below look for what is far away too coarsely
_LEAST_BYTES: Final = 64 * 1024  # of a blob, for a delta to be worth its while
_WORTH: Final = 2  # times it has to be smaller than the blob


def add_deltas(repository: Repository, file: FileEntry, before: Sequence[Manifest]) -> FileEntry:
    """Return a file with a delta from each release before that has it otherwise."""
    if file.packed_size < _LEAST_BYTES or file.size > MOST_BASIS_BYTES:
        return file
    namesakes = (old for manifest in before for old in manifest.files if old.path == file.path)
    bases = {old.sha256: old for old in namesakes if old.size <= MOST_BASIS_BYTES}
    if file.sha256 in bases:  # who has that release lacks nothing
        del bases[file.sha256]
    made = (_make(repository, file, basis) for basis in bases.values())
    worth = tuple(delta for delta in made if delta.packed_size * _WORTH < file.packed_size)
    return msgspec.structs.replace(file, deltas=worth)


def _make(repository: Repository, file: FileEntry, basis: FileEntry) -> Delta:
    delta = Delta(basis.size, basis.sha256, 0, basis.sha256)
    blob = repository.folder / file.delta_blob(delta)
    if not blob.exists():
        newer, older = _content(repository, file), _content(repository, basis)
        given = zstandard.ZstdCompressionParameters.from_level(
            _LEVEL,
            source_size=len(newer),
            window_log=(len(newer) + len(older)).bit_length(),
            enable_ldm=True,
        )
        packer = zstandard.ZstdCompressor(compression_params=given, dict_data=basis_of(older))
        put(blob, packer.compress(newer))
    return msgspec.structs.replace(
        delta, packed_size=blob.stat().st_size, packed_sha256=sha256_of(blob)
    )


def _content(repository: Repository, file: FileEntry) -> bytes:
    packed = (repository.folder / file.blob).read_bytes()
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=file.size)
