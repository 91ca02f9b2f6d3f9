"""The end of a revoked desk: its unsent work goes to station IT, then its keys are destroyed."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.times import to_ms
from trafficdesk.security.shredding import shred
from trafficdesk.services import sending
from trafficdesk.services.session import Session
from trafficdesk.sync import leaving
from trafficdesk.wire.bundles import BundleError


@dataclass(frozen=True, slots=True)
class Left:
    """What became of a revoked desk.

    ``unsent`` operations had not been confirmed; they lie in ``files`` of ``folder``, sealed, if
    the keys ``were_destroyed``, and else in the desk as before.
    """

    were_destroyed: bool
    unsent: int
    files: int
    folder: str


def leave(session: Session) -> Left:
    """Seal what is not settled to station IT's key, then destroy the desk's keys.

    In the writer's line, behind everything that was decided. Where the work cannot be sealed, or
    not written, no key is touched.
    """
    unsent = sending.count_unsettled(session)
    profile, now_ms = session.profile, to_ms(session.clock())
    folder = str(profile.for_it)
    try:
        files = leaving.export_for_it(profile, session.store, session.device, now_ms)
    except (BundleError, OSError):
        return Left(were_destroyed=False, unsent=unsent, files=0, folder=folder)
    try:
        shred(profile, session.key)
    except OSError:
        return Left(were_destroyed=False, unsent=0, files=len(files), folder=folder)
    return Left(were_destroyed=True, unsent=unsent, files=len(files), folder=folder)


def _say(source: str) -> str:
    return QCoreApplication.translate("Leaving", source)


def leaving_words() -> tuple[str, str]:
    """Return what is shown while the work is sealed."""
    return (
        _say("This desk was revoked"),
        _say(
            "The server takes nothing from it any more. What was not sent is being sealed for "
            "station IT; leave the machine on."
        ),
    )


def left_words(left: Left) -> tuple[str, str]:
    """Return what is shown afterwards: what is safe, and what to do."""
    title = _say("This desk was revoked")
    if not left.were_destroyed and left.unsent:
        detail = QCoreApplication.translate(
            "Leaving",
            "The server takes nothing from it any more. %n changes that it has not confirmed "
            "could not be sealed for station IT; they are kept here, encrypted, and no key was "
            "destroyed. Leave the desk as it is and tell station IT.",
            "",
            left.unsent,
        )
    elif not left.were_destroyed:
        detail = _say(
            "The server takes nothing from it any more. Its keys could not be destroyed. Tell "
            "station IT."
        )
    elif left.files:
        detail = QCoreApplication.translate(
            "Leaving",
            "%n changes that the server has not confirmed are sealed for station IT in {folder}. "
            "The keys of this desk are destroyed; nobody can open it any more. Bring the folder "
            "to station IT.",
            "",
            left.unsent,
        ).format(folder=left.folder)
    else:
        detail = _say(
            "The server had confirmed everything that was done here. The keys of this desk are "
            "destroyed; nobody can open it any more."
        )
    return title, detail
