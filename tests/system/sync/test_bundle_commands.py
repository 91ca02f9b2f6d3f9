"""The whole walk with the stick, as people type it at the desk and at the server."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
from typer.testing import CliRunner, Result

from sync_server.cli.bundle import SENTENCES as SERVER_SENTENCES
from sync_server.cli.commands import app as server_app
from sync_server.db.engine import Crossing
from tests.server.world import PASSWORD, World
from tests.system.sync.desks import join
from trafficdesk.cli.commands import app as desk_app
from trafficdesk.cli.sentences import SENTENCES
from trafficdesk.services import desk as desk_service
from trafficdesk.sync.bundling import make_legacy
from trafficdesk.sync.carrying import CarryFault
from trafficdesk.wire.boxes import public_key_of
from trafficdesk.wire.bundles import BundleFault

Told = Mapping[str, Any]
AtDesk = Callable[..., tuple[int, Told]]
_ONLY_SERVER = {"unknown_device", "revoked", "copied", "nothing_taken", "too_old"}
_ONLY_DESK = {"not_enrolled", "no_server_key", "no_it_key"}


def _told(done: Result) -> tuple[int, Told]:
    """Return exit code and answer; the live server may have logged before it."""
    return done.exit_code, json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def at_server(world: World, monkeypatch: pytest.MonkeyPatch) -> AtDesk:
    """Run a command of the server's on its own settings."""
    settings = world.live.server.settings
    variables = {
        "DATABASE_URL": settings.database_url,
        "KEYS_DIR": str(settings.keys_dir),
        "ARGON2_MEMORY_MIB": "19",
        "ARGON2_PASSES": "2",
    }

    def run(*words: object) -> tuple[int, Told]:
        with monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(f"TRAFFICDESK_SERVER_{name}", value)
            line = [*map(str, words), "--json"]
            done = CliRunner().invoke(server_app, line, catch_exceptions=False)
        return _told(done)

    return run


@pytest.fixture
def at_desk(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AtDesk:
    """Run a command at a desk with two unsent changes, which nobody has open."""
    desk = join(world, world.person(), tmp_path / "desk")
    desk.file()
    desk.file()
    legacy = make_legacy(desk.session.store, desk.session.device, public_key_of(bytes(32)), 0)
    (tmp_path / "left.tdbundle").write_bytes(legacy[0].content)
    desk.engine.stop()
    desk_service.close_session(desk.session, "lock")
    (tmp_path / "password").write_text(PASSWORD)
    monkeypatch.setenv("TRAFFICDESK_HOME", str(tmp_path / "desk"))

    def run(*words: object) -> tuple[int, Told]:
        line = [*map(str, words), "--password-file", str(tmp_path / "password"), "--json"]
        done = CliRunner().invoke(desk_app, line, catch_exceptions=False)
        return _told(done)

    return run


def test_the_walk_with_the_stick(at_desk: AtDesk, at_server: AtDesk, tmp_path: Path) -> None:
    there, back = tmp_path / "there.tdbundle", tmp_path / "back.tdbundle"
    code, told = at_desk("bundle", "export", there)
    assert (code, told["operations"], told["number"]) == (0, 2, 1), told
    code, told = at_server("bundle", "import", there)
    assert (code, told["results"]) == (0, {"applied": 2}), told
    code, told = at_server("bundle", "export", "--device", told["device"], back)
    assert (code, told["answers"]) == (0, 1), told
    code, told = at_desk("bundle", "import", back)
    assert (code, told["results"], told["has_more"]) == (0, {"applied": 2}, False), told
    code, told = at_desk("bundle", "import", back)
    assert (code, told["message"]) == (1, SENTENCES["bundle.replayed"])
    code, told = at_server("bundle", "import", there)
    assert (code, told["message"]) == (1, SERVER_SENTENCES[BundleFault.REPLAYED])


def test_import_and_answer_in_one_step(at_desk: AtDesk, at_server: AtDesk, tmp_path: Path) -> None:
    there, back = tmp_path / "there.tdbundle", tmp_path / "back.tdbundle"
    at_desk("bundle", "export", there)
    assert at_desk("bundle", "export", there)[0] == 1  # it stands there already
    code, told = at_server("bundle", "import", there, "--answer", back)
    assert (code, told["operations"]) == (0, 2), told
    assert at_server("bundle", "import", there, "--answer", back)[0] == 1
    assert at_desk("bundle", "import", back)[0] == 0
    assert there.stat().st_mode & 0o077 == 0
    assert back.stat().st_mode & 0o077 == 0


def test_what_a_revoked_desk_left_needs_station_its_key(
    at_desk: AtDesk, at_server: AtDesk, world: World, tmp_path: Path
) -> None:
    there, left, key = (tmp_path / name for name in ("there", "left.tdbundle", "it.key"))
    at_desk("bundle", "export", there)
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "UPDATE devices SET revoked_at = now() WHERE tenant_id = %s", [world.tenant_id]
        )
    assert (
        at_server("bundle", "import", there)[1]["message"] == SERVER_SENTENCES[BundleFault.REVOKED]
    )
    assert (
        at_server("bundle", "import", left)[1]["message"]
        == SERVER_SENTENCES[BundleFault.WRONG_KIND]
    )
    code, told = at_server("bundle", "it-key", key)
    assert (code, key.stat().st_mode & 0o777) == (0, 0o600), told
    told = at_server("bundle", "import", left, "--it-key", key)[1]
    assert told["message"] == SERVER_SENTENCES[BundleFault.OTHER_RECEIVER]
    key.write_text(bytes(32).hex())
    code, told = at_server("bundle", "import", left, "--it-key", key)
    assert (code, told["results"]) == (0, {"applied": 2}), told


def test_every_fault_has_a_sentence_where_it_can_be_met() -> None:
    faults = {str(fault) for fault in BundleFault}
    assert set(map(str, SERVER_SENTENCES)) == faults - _ONLY_DESK
    told = {code.removeprefix("bundle.") for code in SENTENCES if code.startswith("bundle.")}
    assert told == faults - _ONLY_SERVER


def test_every_fault_that_a_courier_can_meet_has_a_sentence() -> None:
    told = {code.removeprefix("carry.") for code in SENTENCES if code.startswith("carry.")}
    met = {str(fault) for fault in BundleFault} - _ONLY_DESK - {"nothing_taken"}
    assert told == met | {str(fault) for fault in CarryFault} | {"not_enrolled"}


def test_a_colleagues_desk_carries_what_was_written(
    at_desk: AtDesk, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, away = tmp_path / "there.tdbundle", tmp_path / "away"
    at_desk("bundle", "export", there)
    courier = join(world, world.person(), tmp_path / "courier")
    courier.engine.stop()
    desk_service.close_session(courier.session, "lock")
    away.mkdir()
    with monkeypatch.context() as patch:
        patch.setenv("TRAFFICDESK_HOME", str(tmp_path / "courier"))
        code, told = at_desk("bundle", "carry", there)
        assert (code, told["answer"]) == (0, str(tmp_path / "there.answer.tdbundle")), told
        assert at_desk("bundle", "carry", there, "--to", away)[0] == 0
        code, told = at_desk("bundle", "carry", told["answer"])
        assert (code, told["message"]) == (1, SENTENCES["carry.wrong_kind"])
    code, told = at_desk("bundle", "import", away / "there.answer.tdbundle")
    assert (code, told["results"]) == (0, {"applied": 2}), told


def test_a_receipt_from_the_command_line(
    at_desk: AtDesk, at_server: AtDesk, tmp_path: Path
) -> None:
    there, back, proof = (tmp_path / name for name in ("there", "back", "proof.json"))
    at_desk("bundle", "export", there)
    at_server("bundle", "import", there, "--answer", back)
    at_desk("bundle", "import", back)
    code, told = at_desk("receipt", proof, "--since", "2020-01-01")
    assert (code, told["taken"], told["not_taken"]) == (0, 2, 0), told
    code, told = at_server("receipt", "verify", proof)
    assert (code, told["operations"], told["faults"]) == (0, 2, []), told
    assert at_desk("receipt", tmp_path / "none", "--since", "2100-01-01")[1]["code"] == (
        "receipt.nothing_done"
    )


def test_a_receipt_without_contact_says_what_it_would_prove(
    at_desk: AtDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise requests.exceptions.ConnectionError

    monkeypatch.setattr("requests.Session.request", fail)
    code, told = at_desk("receipt", tmp_path / "proof.json", "--since", "2020-01-01")
    assert (code, told["code"], told["changes"]) == (1, "receipt.no_contact", 2)
    assert not (tmp_path / "proof.json").exists()
