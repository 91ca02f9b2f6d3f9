"""The audit chain shows every entry changed, moved, left out or cut off."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trafficdesk.profile import Profile
from trafficdesk.security.audit import (
    GENESIS,
    AuditEntry,
    AuditFact,
    AuditFault,
    AuditHead,
    append,
    canonical_bytes,
    verify,
)
from trafficdesk.security.audit_anchor import load_anchor, save_anchor
from trafficdesk.security.device import Device, create_device, load_device
from trafficdesk.security.enrolment import SetUp
from trafficdesk.security.errors import AnchorDamaged, AuditRolledBack, DeviceDamaged
from trafficdesk.security.keys import SecretKey

ACTOR = UUID(int=3)


def _fact(number: int) -> AuditFact:
    return AuditFact(1_795_000_000_000 + number, ACTOR, "approve", "report", str(number), "{}")


def _chain(device: Device, length: int, head: AuditHead = GENESIS) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for number in range(length):
        entries.append(append(head, _fact(number), device))
        head = entries[-1].head
    return entries


@pytest.fixture
def device(desk: SetUp, profile: Profile) -> Device:
    return create_device(profile, desk.key)


@pytest.fixture
def keys(device: Device) -> dict[UUID, bytes]:
    return {device.device_id: device.public_key}


def test_a_chain_as_written_is_good(device: Device, keys: dict[UUID, bytes]) -> None:
    chain = _chain(device, 20)
    verdict = verify(iter(chain), keys, anchor=chain[11].head)
    assert verdict.ok
    assert (verdict.count, verdict.first_bad_seq, verdict.reason) == (20, None, None)
    assert verdict.head_hash == chain[-1].hash
    assert verify([], keys).ok
    assert verify(chain[5:], keys, start=chain[4].head).count == 15


CHANGES: list[tuple[str, Callable[[AuditEntry], AuditEntry], AuditFault]] = [
    ("time", lambda e: replace(e, at_ms=e.at_ms + 1), AuditFault.HASH),
    ("actor", lambda e: replace(e, actor_id=UUID(int=9)), AuditFault.HASH),
    ("device", lambda e: replace(e, device_id=UUID(int=9)), AuditFault.HASH),
    ("action", lambda e: replace(e, action="reject"), AuditFault.HASH),
    ("entity", lambda e: replace(e, entity="citizen"), AuditFault.HASH),
    ("record", lambda e: replace(e, entity_id="77"), AuditFault.HASH),
    ("detail", lambda e: replace(e, detail='{"a":1}'), AuditFault.HASH),
    ("boundary", lambda e: replace(e, action="approver", entity="eport"), AuditFault.HASH),
    ("number", lambda e: replace(e, seq=e.seq + 1), AuditFault.NUMBER),
    ("previous", lambda e: replace(e, prev_hash=bytes(32)), AuditFault.PREVIOUS),
    ("signature", lambda e: replace(e, signature=bytes(64)), AuditFault.SIGNATURE),
    ("no signature", lambda e: replace(e, signature=b""), AuditFault.SIGNATURE),
]


@pytest.mark.parametrize(("change", "fault"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_an_entry_changed_in_any_field_is_found(
    device: Device,
    keys: dict[UUID, bytes],
    change: Callable[[AuditEntry], AuditEntry],
    fault: AuditFault,
) -> None:
    chain = _chain(device, 9)
    chain[5] = change(chain[5])
    verdict = verify(chain, keys)
    assert not verdict.ok
    assert (verdict.count, verdict.first_bad_seq, verdict.reason) == (5, 6, fault)


def test_a_chain_rewritten_without_the_devices_key_is_found(
    device: Device, keys: dict[UUID, bytes], desk: SetUp, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chain = _chain(device, 6)
    forger = create_device(Profile(tmp_path_factory.mktemp("forger")), desk.key)
    stranger = _chain(forger, 2, chain[3].head)
    verdict = verify([*chain[:4], *stranger], keys)
    assert (verdict.first_bad_seq, verdict.reason) == (5, AuditFault.UNKNOWN_DEVICE)
    posing = replace(forger, device_id=device.device_id)
    verdict = verify([*chain[:4], *_chain(posing, 2, chain[3].head)], keys)
    assert (verdict.first_bad_seq, verdict.reason) == (5, AuditFault.SIGNATURE)


def test_entries_left_out_or_swapped_are_found(device: Device, keys: dict[UUID, bytes]) -> None:
    chain = _chain(device, 6)
    assert verify(chain[:2] + chain[3:], keys).first_bad_seq == 3
    assert verify([chain[1], chain[0], *chain[2:]], keys).first_bad_seq == 1
    assert verify([chain[0], *chain], keys).reason is AuditFault.NUMBER


def test_a_tail_cut_off_is_found_by_the_anchor(device: Device, keys: dict[UUID, bytes]) -> None:
    chain = _chain(device, 6)
    assert verify(chain[:4], keys).ok
    verdict = verify(chain[:4], keys, anchor=chain[-1].head)
    assert (verdict.first_bad_seq, verdict.reason) == (5, AuditFault.CUT_OFF)
    fifth = append(chain[3].head, replace(_fact(4), action="reject"), device)
    rewritten = [*chain[:4], fifth, append(fifth.head, _fact(5), device)]
    assert verify(rewritten, keys).ok
    verdict = verify(rewritten, keys, anchor=chain[-1].head)
    assert (verdict.first_bad_seq, verdict.reason) == (6, AuditFault.NOT_AS_ANCHORED)


texts = st.text(max_size=6)


@settings(max_examples=60)
@given(st.tuples(texts, texts, texts, texts), st.tuples(texts, texts, texts, texts))
def test_different_facts_never_have_the_same_bytes(
    one: tuple[str, str, str, str], other: tuple[str, str, str, str]
) -> None:
    def message(parts: tuple[str, str, str, str]) -> bytes:
        return canonical_bytes(1, AuditFact(0, ACTOR, *parts), ACTOR, bytes(32))

    assert (message(one) == message(other)) == (one == other)


def test_the_bytes_of_an_entry_never_change() -> None:
    message = canonical_bytes(7, _fact(7), UUID(int=5), bytes(32))
    assert hashlib.sha256(message).hexdigest() == (
        "786e72195097d6d864ea2ec2ac005093f0f8e33448932333843373d713058f37"
    )


def test_the_anchor_is_kept_sealed_and_never_steps_back(
    desk: SetUp, profile: Profile, device: Device
) -> None:
    assert load_anchor(profile, desk.key) is None
    chain = _chain(device, 5)
    save_anchor(profile, desk.key, chain[2].head)
    save_anchor(profile, desk.key, chain[4].head)
    save_anchor(profile, desk.key, chain[4].head)
    assert load_anchor(profile, desk.key) == chain[4].head
    with pytest.raises(AuditRolledBack) as caught:
        save_anchor(profile, desk.key, chain[3].head)
    assert (caught.value.data["known_seq"], caught.value.data["found_seq"]) == (5, 4)
    with pytest.raises(AuditRolledBack):
        save_anchor(profile, desk.key, AuditHead(5, bytes(32)))
    assert load_anchor(profile, desk.key) == chain[4].head


def test_a_forged_anchor_is_noticed(desk: SetUp, profile: Profile, device: Device) -> None:
    save_anchor(profile, desk.key, _chain(device, 2)[-1].head)
    good = profile.audit_anchor.read_bytes()
    for bad in (b"", good[:-1], good[:-1] + bytes((good[-1] ^ 1,))):
        profile.audit_anchor.write_bytes(bad)
        with pytest.raises(AnchorDamaged):
            load_anchor(profile, desk.key)


def test_the_device_signs_the_same_after_a_restart(
    desk: SetUp, profile: Profile, device: Device
) -> None:
    again = load_device(profile, desk.key)
    assert (again.device_id, again.public_key) == (device.device_id, device.public_key)
    assert again.sign(b"message") == device.sign(b"message")
    assert repr(again) == f"Device({device.device_id})"


def test_a_device_file_that_is_damaged_missing_or_of_another_desk_is_told(
    desk: SetUp, profile: Profile, device: Device
) -> None:
    with pytest.raises(DeviceDamaged):
        load_device(profile, SecretKey.random())
    content = profile.device.read_text()
    other_id = content.replace(str(device.device_id), str(UUID(int=4)))
    for bad in (content[:-5], other_id, "{}"):
        profile.device.write_text(bad)
        with pytest.raises(DeviceDamaged):
            load_device(profile, desk.key)
    profile.device.unlink()
    with pytest.raises(DeviceDamaged):
        load_device(profile, desk.key)
