"""A new master key for the whole desk; a kill at any moment leaves a desk that opens."""

from trafficdesk.domain.permissions import Permission
from trafficdesk.profile import Profile
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.rekeying import begin_rekey, find_next_key, finish_rekey
from trafficdesk.services import auditing
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import copying


def rekey(session: Session) -> SecretKey | Refusal:
    """Encrypt the store anew and seal the new key to every slot; ends the session.

    Takes the disk space of the database once more while it works. Returns the new key, which the
    caller wipes.

    Raises:
        StoreError: the disk is full or cannot be written; the desk opens as before.
    """
    if not session.may(Permission.OFFICER_MANAGE):
        return Refusal.NOT_PERMITTED
    auditing.note(session, auditing.Audited("desk.rekey", "officer", str(session.officer.id)))
    auditing.keep_head(session)
    session.store.close()
    try:
        coming = begin_rekey(session.profile, session.key)
        copying.rekey(session.profile.database, session.key.hex(), coming.hex())
        finish_rekey(session.profile, session.key, coming)
    finally:
        session.close()
    return coming


def settled_key(profile: Profile, key: SecretKey) -> SecretKey:
    """Return the key that opens the store: ``key``, or the one of a rekey that was killed.

    When the store was already under the coming key, the slots are brought after it and ``key`` is
    wiped; else what the rekey had made so far gives its room back.

    Raises:
        StoreError: the store cannot be read with either.
    """
    coming = find_next_key(profile, key)
    if coming is None:
        return key
    if not copying.opens_with(profile.database, coming.hex()):
        coming.wipe()
        copying.drop_half_made(profile.database)
        return key
    finish_rekey(profile, key, coming)
    key.wipe()
    return coming
