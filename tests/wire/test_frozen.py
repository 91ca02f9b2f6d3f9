"""What was recorded of version 1 stays as it was: a test that it is bent to would prove nothing."""

import hashlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "frozen" / "v1"
DIGESTS = {
    "client.json": "9d7024a2b5f23e2e46d490ab9d91723fecbbba9a9e7ad17cb856bc198ba3c026",
    "client.py": "505ba3aa261424118ac568da8104c17e922b544cd5257f027ae5debf468646e7",
    "server.json": "bc62dc900cb4793462fa8a92a21bc53037f0208ca445e31d166229724219c4d0",
}


@pytest.mark.parametrize("name", sorted(DIGESTS))
def test_a_recording_is_never_changed(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == DIGESTS[name]
