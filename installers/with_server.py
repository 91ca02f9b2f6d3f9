"""What ``./run --with-server`` and ``./run --two-desks`` do once everything is set up.

A private server in the folder, and beside it one or two desks that joined it. All of it ends when
the desks are closed, or with this process.
"""

import argparse
import os
import select
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from installers import joined_desk, met_by_script
from installers.joined_desk import JoinedDeskError
from installers.private_server import (
    PrivateServerError,
    Running,
    bound_to_us,
    private_server,
)
from sync_server.private_cluster import ClusterError
from sync_server.programs import Process, start
from trafficdesk.services.demo.progress import Watch
from trafficdesk.sync.errors import SyncError

_STEP_S: Final = 0.3
_NAMES: Final = ("desk", "desk-2")


def main() -> int:
    """Run it; return 0 if all went well."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, help="where server and desks lie")
    asked.add_argument("--two-desks", action="store_true")
    asked.add_argument("--off-screen", type=Path, metavar="DIR", help="no windows: tour into DIR")
    wanted = asked.parse_args()
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    try:
        with private_server(wanted.folder / "server") as server:
            return _work(wanted, server)
    except (PrivateServerError, ClusterError, JoinedDeskError, SyncError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(1)


def _work(wanted: argparse.Namespace, server: Running) -> int:
    say(f"The server answers at {server.url}.")
    folders = [wanted.folder / name for name in _NAMES[: 2 if wanted.two_desks else 1]]
    for folder in folders:
        _prepare(folder, server, has_reports=folder == folders[0])
    if wanted.off_screen is None:
        return _stay([_desk(folder) for folder in folders], server)
    if wanted.two_desks:
        return met_by_script.meet(folders, server.url, say)
    return _desk(folders[0], "tour", str(wanted.off_screen.resolve())).wait()


def _stay(desks: list[Process], server: Running) -> int:
    """Wait for the desks to be closed; Enter in the terminal cuts the server off and back."""
    watched = [sys.stdin] if sys.stdin.isatty() else []
    if watched:
        say("Press Enter here to cut the desks off the server, and again to bring it back.")
    while any(desk.poll() is None for desk in desks):
        ready, _, _ = select.select(watched, [], [], _STEP_S)
        if ready and not sys.stdin.readline():
            watched = []  # the terminal was closed
        elif ready:
            _toggle(server)
    return int(any(desk.wait() for desk in desks))


def _toggle(server: Running) -> None:
    service = server.service
    if service.is_up:
        service.cut_off()
        say("The server is cut off: the desks work on alone. Enter brings it back.")
    else:
        service.bring_up()
        say("The server is back; desks try again by themselves, or at once from their pill.")


def _prepare(folder: Path, server: Running, *, has_reports: bool) -> None:
    """See that there is a desk that knows where the server is today and agrees with it."""
    if folder.exists():
        with joined_desk.opened(folder, server.url) as desk:
            if has_reports:
                desk.refill()
            say(f"{folder}: {desk.exchange()}")
        return
    what = "and 200 reports, filed and decided by it" if has_reports else "without reports yet"
    say(f"Making a desk that joins it in {folder}, {what}…")
    watch = Watch() if has_reports else None
    done = joined_desk.make(folder, server.url, server.make_token(), watch)
    say(f"{folder}: {done}")


def _desk(folder: Path, *words: str) -> Process:
    environment = {**os.environ, "TRAFFICDESK_HOME": str(folder.resolve())}
    line = [sys.executable, "-c", "from trafficdesk.cli import main; main()", *words]
    return start(bound_to_us(line), streams=(None, None, None), environment=environment)


def say(line: str) -> None:
    """Tell people a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
