"""The server's keys in a backup: sealed to station IT's public key, or told apart by marks alone.

A mark is the first bytes of an HKDF of the key: enough to see that two keys are the same, and
nothing to learn a key from.
"""

import base64
import os
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync_server.keys import FILES, read_key
from sync_server.problems import RefusedError
from trafficdesk.wire.boxes import BoxError, open_box, public_key_of, seal_to
from trafficdesk.wire.codes import Code

_CONTEXT: Final = b"trafficdesk-server/1/keys of a backup"
_MARK: Final = b"trafficdesk-server/1/mark"
_MARK_BYTES: Final = 8


def marks_of(folder: Path) -> dict[str, str]:
    """Return the mark of every key that is there. Raises ``KeysError``."""
    return {name: _mark(read_key(folder / name)) for name in FILES if (folder / name).exists()}


def _mark(key: bytes) -> str:
    hkdf = HKDF(algorithm=SHA256(), length=_MARK_BYTES, salt=None, info=_MARK)
    return hkdf.derive(key).hex()


def seal_keys(folder: Path, public_key: str) -> bytes:
    """Return the keys sealed to a public key (base64). Raises ``KeysError``."""
    content = {name: read_key(folder / name).hex() for name in FILES}
    return seal_to(base64.b64decode(public_key), msgspec.json.encode(content), _CONTEXT)


def open_keys(box: bytes, private_key: bytes, sealed_to: str) -> dict[str, bytes]:
    """Return the keys by their files' names. Raises ``RefusedError``."""
    if base64.b64encode(public_key_of(private_key)).decode() != sealed_to:
        detail = f"The keys are sealed to another key than the one given: {sealed_to}."
        raise RefusedError(Code.BAD_REQUEST, detail)
    try:
        content = open_box(private_key, box, _CONTEXT)
        found = msgspec.json.decode(content, type=dict[str, str])
        return {name: bytes.fromhex(found[name]) for name in FILES}
    except (BoxError, msgspec.DecodeError, KeyError, ValueError) as error:
        detail = "The sealed keys of the backup were changed or damaged."
        raise RefusedError(Code.BAD_REQUEST, detail) from error


def put_keys(folder: Path, keys: dict[str, bytes]) -> list[Path]:
    """Write the keys that are not there; return their files.

    Raises ``RefusedError``, and writes none, if another key lies in the place of one.
    """
    present = marks_of(folder)
    for name, key in keys.items():
        if present.get(name, _mark(key)) != _mark(key):
            detail = f"{folder / name} is another key than the backup's: move it away first."
            raise RefusedError(Code.TAKEN, detail)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = [folder / name for name in keys if name not in present]
    for path in made:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(keys[path.name].hex() + "\n")
    return made
