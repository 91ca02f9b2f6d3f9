"""The signed-in officer's own ways to open the desk: their password and the OS keyring."""

from dataclasses import dataclass

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.security import key_slots, keyring_slot
from trafficdesk.security import unlock as unlocking
from trafficdesk.security.keyring_slot import KeyringDisabled, KeyringEnabled, KeyringRefused
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.security.tries import LockedOut
from trafficdesk.security.unlock import PasswordChanged, WrongPassword
from trafficdesk.services import auditing, tries_told
from trafficdesk.services.auditing import Audited
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
    if isinstance(done, PasswordRefused):
        return done
    with session.store.writing() as connection:
        if not isinstance(done, PasswordChanged):
            wrong = Audited("officer.wrong_password", Entity.OFFICER, str(officer_id))
            auditing.append(session, connection, wrong)
        deed_number = tries_told.tell(session, connection, known=officer_id)
    tries_told.forget(session, deed_number)
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
    done = keyring_slot.enable_keyring(
        session.profile, session.key, officer_id, session.clock(), allowed=allowed
    )
    if isinstance(done, KeyringEnabled):
        with session.store.writing() as connection:
            deed_number = tries_told.tell(session, connection)
        tries_told.forget(session, deed_number)
    return done


def disable_keyring(session: Session) -> KeyringDisabled:
    """Let only the password open the desk for the signed-in officer again."""
    officer_id = session.officer.id
    # Told first: a kill in between leaves a keyring that still opens, and that can be seen.
    auditing.note(session, Audited("officer.disable_keyring", Entity.OFFICER, str(officer_id)))
    return keyring_slot.disable_keyring(session.profile, session.key, officer_id)
