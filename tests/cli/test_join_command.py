"""``trafficdesk join``: a desk at work joins a real server with its work, or says why not."""

from pathlib import Path

import pytest

from tests.cli.conftest import ADMIN, OFFICER, Ran, Run
from tests.cli.conftest import PASSWORD as DESK_PASSWORD
from tests.server.conftest import _template, clone_database, cluster, live
from tests.server.live import Live
from tests.server.world import PASSWORD, World
from trafficdesk.cli.exits import Exit
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile

__all__ = ["_template", "clone_database", "cluster", "live"]


class Joining:
    """The command with its files, on the desk that the tests of commands have."""

    def __init__(self, run: Run, folder: Path, world: World) -> None:
        self._run, self._folder, self.world = run, folder, world
        self.token = folder / "token"
        self.passwords = {}
        for name, word in (("desk", DESK_PASSWORD), ("server", PASSWORD)):
            self.passwords[name] = folder / f"{name}-password"
            self.passwords[name].write_text(word)

    def __call__(self, role: Role, *more: object, officer: str = ADMIN.name) -> Ran:
        if not self.token.exists():
            self.token.write_text(self.world.token())
        login = self.world.person(role).login
        done = self._run(
            *("join", "--token-file", self.token, "--login", login, "--officer", officer),
            *("--password-file", self.passwords["desk"], "--json"),
            *("--server-password-file", self.passwords["server"], *more),
        )
        (told,) = [line for line in done.out.splitlines() if line.startswith('{"ok"')]
        return Ran(done.code, told, done.err)


@pytest.fixture
def joining(run: Run, home: Profile, tmp_path: Path, live: Live) -> Joining:
    assert home.key_slots.exists()
    return Joining(run, tmp_path, World(live))


def test_a_desk_of_its_own_joins_and_may_be_enrolled_anew(joining: Joining) -> None:
    assert joining(Role.ADMIN).told["code"] == "join.no_server"
    server = ("--server", joining.world.live.url)
    refused = joining(Role.SUPERVISOR, *server)
    assert refused.told["code"] == "join.needs_manager"
    assert joining.token.exists()
    joined = joining(Role.ADMIN, *server)
    assert joined.code == Exit.DONE, joined.err
    assert set(joined.told["logins"]) == {ADMIN.name, OFFICER.name}
    assert not joining.token.exists()
    anew = joining(Role.OFFICER)
    assert (anew.code, anew.told["anew"]) == (Exit.DONE, True), anew.err


def test_only_who_manages_officers_here_joins_the_desk(joining: Joining) -> None:
    refused = joining(Role.ADMIN, officer=OFFICER.name)
    assert refused.told["code"] == "cli.not_permitted"
