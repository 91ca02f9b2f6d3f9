"""``trafficdesk enrol`` joins an empty profile to a real server, or says why not."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from tests.cli.conftest import Ran, Run
from tests.server.conftest import _template, clone_database, cluster, live
from tests.server.live import Live
from tests.server.world import PASSWORD, Person, World
from tests.sync.test_cutting import own_certificate
from trafficdesk.cli.answers import RefusedError
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.recovery import Keeping
from trafficdesk.cli.sentences import SENTENCES
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import Role
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import EnrolmentRules, Policy, ServerRules
from trafficdesk.profile import Profile
from trafficdesk.security import unlock
from trafficdesk.services import desk
from trafficdesk.sync.errors import Fault
from trafficdesk.sync.link import find_link

__all__ = ["_template", "clone_database", "cluster", "live"]


@pytest.fixture
def world(live: Live) -> World:
    return World(live)


@pytest.fixture
def person(world: World) -> Person:
    return world.person(Role.OFFICER, "Meena S")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    """A profile in which nothing lies yet, named by TRAFFICDESK_HOME."""
    folder = tmp_path / "new" / "desk"
    monkeypatch.setenv("TRAFFICDESK_HOME", str(folder))
    return Profile(folder)


class Enrolling:
    """The command with its files."""

    def __init__(self, run: Run, folder: Path, world: World, person: Person) -> None:
        self._run = run
        self.token = folder / "token"
        self.token.write_text(world.token() + "\n")
        self.password = folder / "server-password"
        self.password.write_text(PASSWORD)
        self.login = person.login
        self.server = world.live.url
        self.code = folder / "recovery-code"

    def __call__(self, *more: object) -> Ran:
        """Run it; each time the code goes to a file that is not there yet."""
        self.code.unlink(missing_ok=True)
        return self.bare("--recovery-file", self.code, *more)

    @property
    def who(self) -> tuple[object, ...]:
        """Who enrols the desk, and where its recovery code goes."""
        who = ("--login", self.login, "--password-file", self.password)
        return (*who, "--recovery-file", self.code)

    def bare(self, *more: object) -> Ran:
        """Run it without saying where the recovery code goes."""
        done = self._run(
            "enrol",
            *("--server", self.server, "--token-file", self.token, "--login", self.login),
            *("--password-file", self.password, *more),
        )
        # The server of the test writes its log to the same stdout.
        lines = [line for line in done.out.splitlines() if "request_id=" not in line]
        return replace(done, out="\n".join(lines))


@pytest.fixture
def enrolling(run: Run, tmp_path: Path, world: World, person: Person) -> Enrolling:
    return Enrolling(run, tmp_path, world, person)


def test_an_empty_profile_becomes_a_desk_of_the_server(
    empty: Profile, enrolling: Enrolling, person: Person
) -> None:
    done = enrolling("--json")
    assert done.code == Exit.DONE, done.out
    assert done.told["officer"] == "Meena S"
    assert enrolling.code.read_text().count("-") == 12
    assert "recovery_code" not in done.told
    assert not enrolling.token.exists(), "a spent token lies about no longer"
    opened = unlock.unlock(empty, person.id, PASSWORD, utc_now())
    assert isinstance(opened, unlock.Unlocked)
    session = desk.open_session(empty, opened.key, opened.holder)
    with session.store.reading() as connection:
        link = find_link(connection)
    session.close()
    assert link is not None
    assert link.base_url == enrolling.server


def test_a_machines_policy_names_the_server_and_the_file_of_the_token(
    empty: Profile, enrolling: Enrolling, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = Policy(
        server=ServerRules(enrolling.server), enrolment=EnrolmentRules(str(enrolling.token))
    )
    monkeypatch.setattr("trafficdesk.profile.find_machine_policy", lambda: _lying(policy))
    who = enrolling.who
    other = run("enrol", "--server", "https://other.example", *who, "--json")
    assert other.told["code"] == "enrol.address_ruled"
    done = run("enrol", *who)
    assert done.code == Exit.DONE, done.err
    assert empty.key_slots.exists()
    assert not enrolling.token.exists()


def _lying(policy: Policy) -> MachinePolicy:
    return MachinePolicy(policy, "policies.json")


def test_without_a_policy_the_server_and_the_token_are_asked_for(
    empty: Profile, enrolling: Enrolling, run: Run
) -> None:
    who = (*enrolling.who, "--json")
    assert run("enrol", *who).told["code"] == "enrol.no_server"
    named = run("enrol", "--server", enrolling.server, *who)
    assert named.told["code"] == "enrol.no_token_file"
    assert not empty.folder.exists()


def test_the_recovery_code_is_kept_beside_the_desk_and_not_in_it(
    empty: Profile, enrolling: Enrolling
) -> None:
    assert enrolling().code == Exit.DONE
    assert enrolling.code.stat().st_mode & 0o077 == 0
    code = enrolling.code.read_bytes().strip()
    texts = [p.read_bytes() for p in empty.folder.rglob("*") if p.is_file()]
    assert not any(code in text for text in texts)


def test_nothing_is_asked_of_the_server_while_nobody_can_keep_the_code(
    empty: Profile, enrolling: Enrolling
) -> None:
    assert enrolling.bare("--json").told["code"] == "enrol.recovery_unkept"
    enrolling.code.write_text("something")
    refused = enrolling.bare("--recovery-file", enrolling.code, "--json")
    assert refused.told["code"] == "cli.file_exists"
    assert not empty.key_slots.exists()
    assert enrolling().code == Exit.DONE  # the token is still good


def test_a_code_that_cannot_be_kept_makes_no_desk(empty: Profile, enrolling: Enrolling) -> None:
    done = enrolling.bare("--recovery-file", "/proc/recovery-code", "--json")
    assert (done.code, done.told["code"]) == (Exit.REFUSED, "cli.system")
    assert not empty.key_slots.exists()
    assert not empty.founding.exists()


def test_whoever_reads_the_code_types_its_end() -> None:
    typed = iter(["", "ABCD", " e5f6 "])
    shown = list[str]()

    def ask(question: str) -> str:
        shown.append(question)
        return next(typed)

    Keeping(None, ask).keep("A1B2-C3D4-E5F6")
    assert len(shown) == 3
    assert "A1B2-C3D4-E5F6" in shown[0]
    assert "A1B2" not in shown[1]


def test_whoever_gives_up_at_the_code_is_told_what_that_means() -> None:
    def give_up(_question: str) -> str:
        raise typer.Abort

    with pytest.raises(RefusedError) as refused:
        Keeping(None, give_up).keep("A1B2-C3D4")
    assert refused.value.code == "enrol.recovery_unconfirmed"


def test_a_token_counts_once(empty: Profile, enrolling: Enrolling, world: World) -> None:
    enrolling.token.write_text("ABCD-EFGH-IJKL")
    wrong = enrolling()
    assert (wrong.code, "does not take this token" in wrong.err) == (Exit.REFUSED, True)
    spent = world.token()
    enrolling.token.write_text(spent)
    assert enrolling().code == Exit.DONE
    enrolling.token.write_text(spent)
    again = enrolling()
    assert again.code == Exit.REFUSED
    assert "is set up already" in again.err
    assert enrolling.token.exists()
    assert empty.key_slots.exists()


def test_a_spent_token_joins_no_second_desk(
    empty: Profile, enrolling: Enrolling, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spent = enrolling.token.read_text()
    assert enrolling().code == Exit.DONE
    enrolling.token.write_text(spent)
    monkeypatch.setenv("TRAFFICDESK_HOME", str(tmp_path / "second"))
    refused = enrolling("--json")
    assert (refused.code, refused.told["code"]) == (Exit.REFUSED, "enrol.token")
    assert not Profile(tmp_path / "second").key_slots.exists()
    assert empty.key_slots.exists()


def test_a_wrong_password_makes_no_desk_and_spends_no_token(
    empty: Profile, enrolling: Enrolling
) -> None:
    enrolling.password.write_text("not the right one")
    done = enrolling("--json")
    assert (done.code, done.told["code"]) == (Exit.REFUSED, "enrol.password")
    assert not empty.key_slots.exists()
    enrolling.password.write_text(PASSWORD)
    assert enrolling().code == Exit.DONE


def test_a_weak_password_spends_no_token(empty: Profile, enrolling: Enrolling) -> None:
    enrolling.password.write_text("short")
    assert enrolling("--json").told["code"] == "enrol.password_weak"
    enrolling.password.write_text(PASSWORD)
    assert enrolling().code == Exit.DONE
    assert empty.key_slots.exists()


@pytest.mark.parametrize(
    ("server", "code"),
    [
        ("sync.example.org", "enrol.address_wrong"),
        ("ftp://sync.example.org", "enrol.address_wrong"),
        ("http://sync.example.org", "enrol.address_open"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_before_anything_is_sent(
    empty: Profile, enrolling: Enrolling, server: str, code: str
) -> None:
    enrolling.server = server
    assert enrolling("--json").told["code"] == code
    assert not empty.key_slots.exists()


@pytest.mark.usefixtures("empty")
def test_no_answer_and_no_trust_are_told_apart(enrolling: Enrolling, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    enrolling.server = f"http://127.0.0.1:{port}"
    assert enrolling("--json").told["code"] == f"enrol.{Fault.NO_ANSWER}"
    _, pem = own_certificate(tmp_path)
    authority = tmp_path / "authority.pem"
    authority.write_text("no certificate")
    assert enrolling("--ca", authority, "--json").told["code"] == "enrol.ca_wrong"
    authority.write_text(pem)
    assert enrolling("--ca", authority, "--json").told["code"] == f"enrol.{Fault.NO_ANSWER}"


def test_every_fault_of_the_line_has_its_sentence() -> None:
    assert {f"enrol.{fault}" for fault in Fault} <= SENTENCES.keys()
