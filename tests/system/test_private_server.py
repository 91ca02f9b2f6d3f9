"""What ./run --with-server stands on: a server that comes, goes and leaves nothing in the way."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from installers import private_server as private
from installers.joined_desk import make, opened
from trafficdesk.domain.demo import people

_RUN = """
import sys, time
from pathlib import Path
from installers import private_server as private
private.ROOTS_CLUSTERS = Path(sys.argv[1]) / "clusters"
with private.private_server(Path(sys.argv[1]) / "server") as server:
    print(server.url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that PostgreSQL's user may enter, too."""
    made = Path(tempfile.mkdtemp(prefix="trafficdesk-private-"))
    made.chmod(0o755)
    monkeypatch.setattr(private, "ROOTS_CLUSTERS", made / "clusters")
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_a_server_is_seeded_and_a_desk_that_joins_it_is_opened_again_at_another_address(
    folder: Path,
) -> None:
    with private.private_server(folder / "server") as server:
        exchanged = make(folder / "desk", server.url, server.make_token(), None)
        assert (exchanged.left, exchanged.reports) == (0, 0)
        first = server.url
    with (
        socket.create_server(("127.0.0.1", int(first.rpartition(":")[2]))),  # somebody else's
        private.private_server(folder / "server") as server,
    ):
        assert server.url != first
        with opened(folder / "desk", server.url, people.OFFICERS[0].login) as desk:
            assert desk.exchange().left == 0
            assert desk.session.officer.name == people.OFFICERS[0].name


def test_a_run_that_was_killed_leaves_nothing_in_the_way_of_the_next(folder: Path) -> None:
    line = [sys.executable, "-c", _RUN, str(folder)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        url = run.stdout.readline().strip()
        assert requests.get(f"{url}/health/db", timeout=10).ok
        run.send_signal(signal.SIGKILL)
        run.wait()
    with private.private_server(folder / "server") as server:
        assert requests.get(f"{server.url}/health/db", timeout=10).ok


def test_a_second_run_in_the_same_folder_is_told_of_the_first(folder: Path) -> None:
    with (
        private.private_server(folder / "server"),
        pytest.raises(private.PrivateServerError, match="runs from"),
        private.private_server(folder / "server"),
    ):
        pass


def test_desks_are_cut_off_and_the_server_is_brought_back(folder: Path) -> None:
    with private.private_server(folder / "server") as server:
        server.service.cut_off()
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{server.url}/health", timeout=10)
        server.service.bring_up()
        assert requests.get(f"{server.url}/health", timeout=10).ok
