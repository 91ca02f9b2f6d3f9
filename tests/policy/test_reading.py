"""A machine's policy is followed, or the desk says why it does not open."""

import json
import plistlib
from pathlib import Path
from typing import Any

import pytest

from trafficdesk.policy import errors
from trafficdesk.policy.errors import PolicyError
from trafficdesk.policy.machine import find_file, find_preferences
from trafficdesk.policy.reading import MachinePolicy, Warned, read_policy, read_sections
from trafficdesk.policy.schema import SECURITY, Policy

ALL: dict[str, Any] = {
    "server": {"address": "https://sync.example", "ca_file": "/etc/trafficdesk/ca.pem"},
    "enrolment": {"token_file": "/etc/trafficdesk/token"},
    "lock": {"idle_minutes": 5, "keyring": False},
    "passwords": {"min_characters": 12},
    "exports": {"formats": ["png"]},
    "position": {"source": "gpsd", "keep_days": 2},
    "base_maps": {"folder": "/usr/share/trafficdesk/maps"},
    "mail": {"host": "mail.example", "sender": "desk@station.example", "port": 465, "tls": True},
    "updates": {"source": "/srv/updates", "channel": "pilot"},
}


def _find(told: object) -> MachinePolicy:
    return read_policy(json.dumps(told).encode(), "policies.json")


def test_every_section_is_read() -> None:
    assert ALL.keys() == set(Policy.__struct_fields__)
    found = _find(ALL)
    assert not found.warned
    assert found.is_there
    lock, exports, position = found.policy.lock, found.policy.exports, found.policy.position
    assert (lock.idle_minutes, lock.keyring) == (5, False)
    assert found.policy.passwords.min_characters == 12
    assert exports is not None
    assert exports.formats == ("png",)
    assert position is not None
    assert (position.source, position.keep_days) == ("gpsd", 2)
    mail = found.policy.mail
    assert mail is not None
    assert (mail.host, mail.port, mail.tls, mail.login) == ("mail.example", 465, True, "")
    updates = found.policy.updates
    assert {"source": updates.source, "channel": updates.channel} == ALL["updates"]


def test_a_machine_without_a_policy_leaves_everything_to_its_users(tmp_path: Path) -> None:
    found = find_file(tmp_path / "policies.json")
    assert found == MachinePolicy()
    assert not found.is_there
    assert found.policy.lock.keyring
    assert found.policy.server is None


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("server", {"address": "http://sync.example"}),
    ("server", {"address": "https://sync.example", "ca_file": "ca.pem"}),
    ("server", {}),
    ("enrolment", {"token_file": "../token"}),
    ("lock", {"idle_minutes": 31}),
    ("lock", {"idle_minutes": 0}),
    ("lock", {"idle_minuets": 5}),
    ("lock", {"keyring": "no"}),
    ("passwords", {"min_characters": 4}),
    ("exports", {"formats": ["docx"]}),
]


@pytest.mark.parametrize(("section", "rules"), WRONG)
def test_a_wrong_rule_of_safety_opens_nothing(section: str, rules: dict[str, Any]) -> None:
    with pytest.raises(PolicyError) as refused:
        _find({section: rules})
    assert refused.value.code == errors.WRONG
    assert refused.value.data["section"] == section
    assert refused.value.data["path"] == "policies.json"


def test_every_section_of_safety_is_tried_with_a_wrong_rule() -> None:
    assert {section for section, _ in WRONG} == SECURITY


def test_a_wrong_rule_of_comfort_is_passed_over_and_told() -> None:
    found = _find({"position": {"keep_days": -1}, "lock": {"idle_minutes": 5}})
    (warned,) = found.warned
    assert warned.section == "position"
    assert "keep_days" in warned.detail
    assert found.policy.position is None
    assert found.policy.lock.idle_minutes == 5


def test_what_a_later_version_knows_is_passed_over_and_told() -> None:
    found = _find({"$schema": "policy.schema.json", "drones": {"on": True}})
    assert found.warned == (Warned("drones"),)


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b"\xff\xfe{}", b'{"lock": ' + b"[" * 100_000]
)
def test_what_is_no_policy_opens_nothing(text: bytes, tmp_path: Path) -> None:
    file = tmp_path / "policies.json"
    file.write_bytes(text)
    file.chmod(0o644)
    with pytest.raises(PolicyError) as refused:
        find_file(file)
    assert refused.value.code == errors.GARBLED


def test_a_policy_too_big_to_be_one_opens_nothing(tmp_path: Path) -> None:
    file = tmp_path / "policies.json"
    file.write_bytes(b" " * 300_000 + b"{}")
    file.chmod(0o644)
    with pytest.raises(PolicyError) as refused:
        find_file(file)
    assert refused.value.code == errors.TOO_BIG


def test_a_policy_that_cannot_be_read_opens_nothing(tmp_path: Path) -> None:
    file = tmp_path / "policies.json"
    file.mkdir()
    with pytest.raises(PolicyError) as refused:
        find_file(file)
    assert refused.value.code == errors.UNREADABLE


def test_a_policy_that_anybody_may_write_to_is_nobodys(tmp_path: Path) -> None:
    file = tmp_path / "policies.json"
    file.write_text("{}")
    file.chmod(0o646)
    with pytest.raises(PolicyError) as refused:
        find_file(file)
    assert refused.value.code == errors.OPEN_TO_ALL


def test_managed_preferences_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "desk.plist"
    file.write_bytes(plistlib.dumps(ALL))
    file.chmod(0o644)
    assert find_preferences(file).policy == _find(ALL).policy
    file.write_bytes(b"bplist00")
    with pytest.raises(PolicyError) as refused:
        find_preferences(file)
    assert refused.value.code == errors.GARBLED


def test_the_registry_says_yes_and_no_by_numbers() -> None:
    told = {"lock": {"keyring": 0, "idle_minutes": 5}, "exports": {"formats": ["png"]}}
    found = read_sections(told, "the registry", strict=False)
    assert (found.policy.lock.keyring, found.policy.lock.idle_minutes) == (False, 5)
    with pytest.raises(PolicyError):
        read_sections({"lock": {"keyring": "maybe"}}, "the registry", strict=False)
