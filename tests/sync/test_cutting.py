"""A call that hangs is ended by another thread, with and without TLS, and none follows it.

The authority of the TLS server is pinned, whatever authorities the environment names.
"""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from trafficdesk.sync.errors import LineError
from trafficdesk.sync.line import Call, Line, ServerAddress

WAIT_S = 10.0


@contextmanager
def hanging(tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, threading.Event]]:
    """Listen, read what is asked, and never answer; yields the port and what tells of a call."""
    listening, asked, held = socket.create_server(("127.0.0.1", 0)), threading.Event(), []

    def serve() -> None:
        while True:
            try:
                came, _ = listening.accept()
            except OSError:
                return
            try:
                served = tls.wrap_socket(came, server_side=True) if tls else came
                held.append(served)
                served.recv(4096)
            except OSError:  # cut within the greeting
                came.close()
            asked.set()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1], asked
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(WAIT_S)  # it may be about to hold one more
        for each in held:
            each.close()
        thread.join()


def own_certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    """Return a server's context with a certificate of its own, and that certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    both = folder / "server.pem"
    both.write_bytes(secret + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, pem.decode()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_call_that_hangs_is_cut_and_none_comes_through_afterwards(
    tmp_path: Path, scheme: str
) -> None:
    tls, pem = own_certificate(tmp_path) if scheme == "https" else (None, "")
    with hanging(tls) as (port, asked):
        line = Line(ServerAddress(f"{scheme}://127.0.0.1:{port}", pem))
        ended: list[Exception] = []

        def call() -> None:
            try:
                line.fetch(Call("GET", "/api/v1/sync/changes"))
            except LineError as error:
                ended.append(error)

        caller = threading.Thread(target=call)
        caller.start()
        assert asked.wait(WAIT_S)
        line.cut()
        caller.join(WAIT_S)
        assert not caller.is_alive()
        assert len(ended) == 1
        call()
        assert len(ended) == 2
        line.close()
