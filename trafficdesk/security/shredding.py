"""Crypto-shredding: without its slots the master key is gone, and the data with it."""

from trafficdesk.profile import Profile
from trafficdesk.security import key_slots
from trafficdesk.security.durable_file import overwrite_and_remove
from trafficdesk.security.errors import SecurityError
from trafficdesk.security.folder_lock import holding
from trafficdesk.security.keyring_slot import forget_entry
from trafficdesk.security.keys import SecretKey


def shred(profile: Profile, key: SecretKey | None = None) -> None:
    """Overwrite and remove every slot, wipe ``key`` and forget the OS keyring's entries.

    No password, code or keyring opens the database afterwards. A damaged slot file is shredded as
    well; doing it twice is fine. Overwriting in place is no proof on an SSD or a copying file
    system, and copies of the slot file made before still open: see the threat model in this
    room's docstring. Raises ``OSError``.
    """
    if key is not None:
        key.wipe()
    try:
        slots = key_slots.load(profile).slots
        entries = [(slots.desk_id, slot.officer_id) for slot in slots.keyrings]
    except SecurityError:
        # Nothing readable to forget by name; the file goes all the same.
        entries = []
    with holding(profile.folder):
        for path in (
            profile.key_slots,
            profile.device,
            profile.coming_device,
            profile.audit_anchor,
            profile.tries,
        ):
            overwrite_and_remove(path)
    for desk_id, officer_id in entries:
        forget_entry(desk_id, officer_id)
