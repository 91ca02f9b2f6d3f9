"""The signed-in officer's own ways to open the desk: their password and the OS keyring."""

from dataclasses import dataclass

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.security import key_slots, keyring_slot
from trafficdesk.security import unlock as unlocking
from trafficdesk.security.keyring_slot import KeyringDisabled, KeyringEnabled, KeyringRefused
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.security.tries import LockedOut
from trafficdesk.security.unlock import PasswordChanged, WrongPassword
from trafficdesk.services import auditing
from trafficdesk.services.session import Session


def change_own_password(
    session: Session, password: str, new_password: str
) -> PasswordChanged | PasswordRefused | WrongPassword | LockedOut:
    """Replace the signed-in officer's password; a wrong present one counts as a try.

    Raises what ``unlock.change_password`` and the store raise.
    """
    officer_id = session.officer.id
    done = unlocking.change_password(
        session.profile, officer_id, password, new_password, session.clock()
    )
    if not isinstance(done, PasswordRefused):
        changed = isinstance(done, PasswordChanged)
        action = "officer.change_password" if changed else "officer.wrong_password"
        auditing.note(session, auditing.Audited(action, Entity.OFFICER, str(officer_id)))
    return done


@dataclass(frozen=True, slots=True)
class KeyringState:
    """Whether the signed-in officer's keyring slot is on, and why it could not be."""

    is_on: bool
    refused: KeyringRefused | None


def load_keyring_state(session: Session, *, allowed: bool) -> KeyringState:
    """Return how the OS keyring stands; may take a second. ``allowed`` is what the policy says."""
    slots = key_slots.load(session.profile).slots
    is_on = slots.find_keyring(session.officer.id) is not None
    return KeyringState(is_on, keyring_slot.find_keyring_fault(allowed=allowed))


def enable_keyring(session: Session, *, allowed: bool) -> KeyringEnabled | KeyringRefused:
    """Let the OS keyring of this account open the desk for the signed-in officer."""
    officer_id = session.officer.id
    done = keyring_slot.enable_keyring(session.profile, session.key, officer_id, allowed=allowed)
    if isinstance(done, KeyringEnabled):
        what = auditing.Audited("officer.enable_keyring", Entity.OFFICER, str(officer_id))
        auditing.note(session, what)
    return done


def disable_keyring(session: Session) -> KeyringDisabled:
    """Let only the password open the desk for the signed-in officer again."""
    officer_id = session.officer.id
    with session.store.writing() as connection:
        what = auditing.Audited("officer.disable_keyring", Entity.OFFICER, str(officer_id))
        auditing.append(session, connection, what)
        return keyring_slot.disable_keyring(session.profile, session.key, officer_id)
