"""A line believes the right certificate and no other, also through a proxy."""

import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from select import select
from socket import create_connection, socket

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from trafficdesk.sync.errors import Fault, LineError
from trafficdesk.sync.line import Call, Line, ServerAddress

NOW = datetime.now(UTC)
ASK = Call("GET", "/")
Serve = Callable[..., str]


class Authority:
    """A private certificate authority of one test."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Police CA")])
        made = self._builder(self.name, self.key, NOW + timedelta(days=9))
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.pem = made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=20))
            .not_valid_after(until)
        )

    def issue(self, folder: Path, address: str, until: datetime) -> Path:
        """Write a server's key and certificate for an address into one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        made = self._builder(subject, key, until).add_extension(names, critical=False)
        file = folder / f"{address}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )
        return file


class Quiet(BaseHTTPRequestHandler):
    """Answers every question with an empty object."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Proxy(BaseHTTPRequestHandler):
    """Opens a way to wherever CONNECT names, and counts how often."""

    opened: list[str]

    def do_CONNECT(self) -> None:
        self.opened.append(self.path)
        host, _, port = self.path.rpartition(":")
        with create_connection((host, int(port)), timeout=10) as there:
            self.send_response(200)
            self.end_headers()
            _pass_on(self.connection, there)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _pass_on(one: socket, other: socket) -> None:
    ways = {one: other, other: one}
    while True:
        for ready in select(list(ways), [], [], 10)[0]:
            piece = ready.recv(65536)
            if not piece:
                return
            ways[ready].sendall(piece)


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def serve(authority: Authority, tmp_path: Path) -> Iterator[Serve]:
    """Return a function that starts a server with a certificate and returns its address."""
    running = list[ThreadingHTTPServer]()

    def start(name: str = "127.0.0.1", until: datetime = NOW + timedelta(days=5)) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
        server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.issue(tmp_path, name, until))
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"https://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def fault_of(address: ServerAddress) -> Fault | None:
    line = Line(address)
    try:
        assert line.fetch(ASK) == b"{}"
    except LineError as error:
        return error.fault
    finally:
        line.close()
    return None


def test_a_private_authority_is_believed_where_it_is_pinned(
    authority: Authority, serve: Serve
) -> None:
    url = serve()
    assert fault_of(ServerAddress(url, ca_pem=authority.pem.decode())) is None
    assert fault_of(ServerAddress(url)) is Fault.NOT_TRUSTED
    assert fault_of(ServerAddress(url, ca_pem=Authority().pem.decode())) is Fault.NOT_TRUSTED


def test_an_expired_certificate_is_not_believed(authority: Authority, serve: Serve) -> None:
    url = serve(until=NOW - timedelta(days=1))
    assert fault_of(ServerAddress(url, ca_pem=authority.pem.decode())) is Fault.NOT_TRUSTED


def test_a_certificate_of_another_host_is_not_believed(authority: Authority, serve: Serve) -> None:
    url = serve(name="127.0.0.2")
    assert fault_of(ServerAddress(url, ca_pem=authority.pem.decode())) is Fault.NOT_TRUSTED


def test_the_line_goes_through_a_proxy_and_still_asks_for_the_servers_own_certificate(
    authority: Authority, serve: Serve
) -> None:
    opened = list[str]()
    handler = type("Counting", (Proxy,), {"opened": opened})
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    proxy.daemon_threads = True
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    way = f"http://127.0.0.1:{proxy.server_address[1]}"
    right, wrong = serve(), serve(name="127.0.0.2")
    pem = authority.pem.decode()
    try:
        assert fault_of(ServerAddress(right, ca_pem=pem, proxy=way)) is None
        assert fault_of(ServerAddress(wrong, ca_pem=pem, proxy=way)) is Fault.NOT_TRUSTED
        assert opened == [url.removeprefix("https://") for url in (right, wrong)]
    finally:
        proxy.shutdown()
        proxy.server_close()
