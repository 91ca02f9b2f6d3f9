"""A desk of version 1 as it was: what it sent, and how it signed and sealed it.

Nothing here is ever changed, and nothing of the program is used: every later server must understand
this desk. ``client.json`` holds its requests as they travelled, with ``<names>`` in the place of
what is another each time: ids, tokens, keys.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import requests
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "client.json").read_text("utf-8"))
REQUESTS: dict[str, dict[str, Any]] = {each["name"]: each for each in RECORDED["requests"]}


class Client:
    """Sends what was recorded; ``cast`` says who and what the ``<names>`` are."""

    def __init__(self, url: str, cast: dict[str, str]) -> None:
        self.url, self.cast = url, cast
        self.key = Ed25519PrivateKey.generate()
        self.answer_key = X25519PrivateKey.generate()
        self.access_token = self.turn = ""
        cast["public_key"] = _base64(self.key.public_key().public_bytes_raw())
        cast["answer_key"] = _base64(self.answer_key.public_key().public_bytes_raw())

    def ask(self, name: str) -> dict[str, Any]:
        """Send a request of JSON and return its answer."""
        answer = self.send(name)
        assert answer.status_code == 200, f"{name}: {answer.status_code} {answer.text}"
        body = answer.content
        if answer.headers.get("Content-Encoding") == "zstd":
            body = zstandard.ZstdDecompressor().stream_reader(body).read()
        told: dict[str, Any] = json.loads(body)
        self._remember(told)
        return told

    def send(self, name: str) -> requests.Response:
        """Send a request, signed with the device key."""
        recorded = REQUESTS[name]
        target = self._filled(recorded["target"])
        body = self._filled(recorded.get("body", "")).encode()
        body = body or base64.b64decode(recorded.get("body_base64", ""))
        headers = dict(recorded["headers"]) | self._proof(recorded["method"], target, body)
        if "metadata" in recorded:
            told = recorded["metadata"].items()
            headers["Upload-Metadata"] = ",".join(
                f"{key} {_base64(self._filled(value).encode())}" for key, value in told
            )
        with requests.Session() as http:
            return http.request(
                recorded["method"], self.url + target, data=body or None, headers=headers
            )

    def _proof(self, method: str, target: str, body: bytes) -> dict[str, str]:
        lines = (method, target, hashlib.sha256(body).hexdigest(), self.turn)
        signed = "\n".join(("trafficdesk-request-1", *lines)).encode()
        headers = {"X-Device": self.cast["device"], "X-Signature": _base64(self.key.sign(signed))}
        if self.turn:
            headers["X-Turn"] = self.turn
        if self.access_token:
            headers["Authorization"] = f"Bearer {self.access_token}"
        return headers

    def _remember(self, told: dict[str, Any]) -> None:
        self.turn = told.get("turn", self.turn)
        self.access_token = told.get("access_token", self.access_token)
        for name in ("refresh_token", "epoch"):
            if name in told:
                self.cast[name] = told[name]
        if "scope" in told:
            self.cast["scope"] = told["scope"]["id"]

    def _filled(self, text: str) -> str:
        for name, value in self.cast.items():
            text = text.replace(f"<{name}>", value)
        return text

    def bundle(self, server_sealing_key: bytes) -> bytes:
        """Return a request bundle as this desk wrote it."""
        content = b""
        for part in RECORDED["bundle"]:
            body = self._filled(part["body"]).encode()
            content += part["kind"].encode() + len(body).to_bytes(4, "big") + body
        frame = zstandard.compress(content + b"." + bytes(4))
        signer = bytes.fromhex(self.cast["device"].replace("-", ""))
        signed = b"trafficdesk-bundle-1\0" + b"R" + signer + server_sealing_key
        signature = self.key.sign(signed + hashlib.sha256(frame).digest())
        plain = signer + signature + frame
        receiver = hashlib.sha256(server_sealing_key).digest()[:8]
        box_bytes = 32 + len(plain) + 16
        head = b"TDBUNDLE" + b"\x01R" + receiver + box_bytes.to_bytes(8, "big")
        return head + _sealed(server_sealing_key, plain, head)

    def open_answer(self, bundle: bytes) -> list[tuple[str, dict[str, Any]]]:
        """Return the parts of the server's answer to the bundle."""
        head, box = bundle[:26], bundle[26:]
        assert head[:10] == b"TDBUNDLE\x01A", head
        ephemeral = X25519PublicKey.from_public_bytes(box[:32])
        shared = self.answer_key.exchange(ephemeral)
        mine = self.answer_key.public_key().public_bytes_raw()
        key = HKDF(SHA256(), 32, box[:32] + mine, b"trafficdesk/1/sealed box").derive(shared)
        plain = AESGCM(key).decrypt(bytes(12), box[32:], head)
        content = zstandard.ZstdDecompressor().stream_reader(plain[80:]).read()
        parts, place = [], 0
        while content[place : place + 1] != b".":
            kind, size = content[place : place + 1], content[place + 1 : place + 5]
            end = place + 5 + int.from_bytes(size, "big")
            parts.append((kind.decode(), json.loads(content[place + 5 : end])))
            place = end
        return parts


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _sealed(public_key: bytes, plain: bytes, head: bytes) -> bytes:
    ephemeral = X25519PrivateKey.generate()
    mine = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public_key))
    key = HKDF(SHA256(), 32, mine + public_key, b"trafficdesk/1/sealed box").derive(shared)
    return mine + AESGCM(key).encrypt(bytes(12), plain, head)
