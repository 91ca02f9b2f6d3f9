"""A new master key without anybody's password, safe against a kill at any step.

1. ``begin_rekey`` puts the coming key, sealed under the present one, into the slot file.
2. The store rekeys the database (one transaction of its own).
3. ``finish_rekey`` seals the coming key to every slot in the present one's place.

A kill between 2 and 3 leaves slots that open the old key: when the database does not open with
it, ``find_next_key`` gives the one that fits, and ``finish_rekey`` is called then.
"""

import msgspec

from trafficdesk.profile import Profile
from trafficdesk.security import key_slots, sealing
from trafficdesk.security.audit_anchor import load_anchor, reseal_anchor
from trafficdesk.security.device import load_device, save_device
from trafficdesk.security.errors import (
    AnchorDamaged,
    DeviceDamaged,
    KeySlotsTampered,
    SealBroken,
)
from trafficdesk.security.key_slots import KeySlots, seal_master
from trafficdesk.security.keys import SecretKey

_CONTEXT = b"next master key"


def begin_rekey(profile: Profile, key: SecretKey) -> SecretKey:
    """Return the coming key, kept sealed in the slot file until ``finish_rekey``.

    A rekey that was begun before goes on with its key. Raises what ``key_slots.load`` raises.
    """
    begun = find_next_key(profile, key)
    if begun:
        return begun
    coming = SecretKey.random()
    sealed = sealing.seal(key.derive("next master"), coming.reveal(), _CONTEXT)
    key_slots.change(profile, key, lambda slots: msgspec.structs.replace(slots, next_master=sealed))
    return coming


def find_next_key(profile: Profile, key: SecretKey) -> SecretKey | None:
    """Return the coming key if a rekey was begun and not finished.

    Raises ``KeySlotsTampered`` and what ``key_slots.load`` raises.
    """
    loaded = key_slots.load(profile)
    loaded.prove(key)
    sealed = loaded.slots.next_master
    if sealed is None:
        return None
    try:
        return SecretKey(sealing.open_sealed(key.derive("next master"), sealed, _CONTEXT))
    except SealBroken as error:
        raise KeySlotsTampered(loaded.path) from error


def _carry_over(profile: Profile, key: SecretKey, coming: SecretKey) -> None:
    """Seal device and anchor under the coming key, unless a run that was killed did it already."""
    if profile.device.exists():
        try:
            load_device(profile, coming)
        except DeviceDamaged:
            save_device(profile, coming, load_device(profile, key))
    try:
        load_anchor(profile, coming)
    except AnchorDamaged:
        head = load_anchor(profile, key)
        if head:
            reseal_anchor(profile, coming, head)


def finish_rekey(profile: Profile, key: SecretKey, coming: SecretKey) -> None:
    """Seal the coming key to every slot; from now on the old key opens nothing here.

    The device and the audit anchor are sealed anew first. Media and field values under keys that
    were derived from the old key are the caller's. Raises what ``key_slots.load`` raises,
    ``DeviceDamaged``, ``AnchorDamaged`` or ``OSError``.
    """
    _carry_over(profile, key, coming)

    def reseal(slots: KeySlots) -> KeySlots:
        replace = msgspec.structs.replace
        return replace(
            slots,
            officers=tuple(
                replace(s, sealed_master=seal_master(s, coming)) for s in slots.officers
            ),
            keyrings=tuple(
                replace(s, sealed_master=seal_master(s, coming)) for s in slots.keyrings
            ),
            recovery=replace(slots.recovery, sealed_master=seal_master(slots.recovery, coming)),
            next_master=None,
        )

    key_slots.change(profile, key, reseal, sign_with=coming)
