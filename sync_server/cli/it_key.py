"""Station IT's private key, from the file that ``sync-server bundle it-key`` wrote."""

from pathlib import Path

from sync_server.problems import RefusedError
from trafficdesk.wire.boxes import KEY_BYTES
from trafficdesk.wire.codes import Code


def load_it_key(file: Path | None) -> bytes:
    """Return the private key in a file, nothing for no file. Raises ``RefusedError``."""
    if file is None:
        return b""
    try:
        key = bytes.fromhex(file.read_bytes()[: 4 * KEY_BYTES].decode("ascii"))
    except OSError as error:
        raise RefusedError(Code.BAD_REQUEST, f"{file}: {error.strerror}.") from error
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise RefusedError(Code.BAD_REQUEST, f"{file} holds no key: 64 hexadecimal digits.")
    return key
