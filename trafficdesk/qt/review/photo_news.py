"""What a viewer tells of photos that are not here or not sent, and who asks for them."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal

from trafficdesk.qt.later import later
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.services import whereabouts
from trafficdesk.services.session import Session
from trafficdesk.services.whereabouts import Where, Whereabouts
from trafficdesk.wire.codes import Code

_LOOK_EVERY_MS: Final = 700
_LINE: Final = frozenset(
    {"no_answer", "cut_off", "not_trusted", "server_fault", "busy", "wrong_type", "garbled"}
)


class PhotoNews(QObject):
    """Follows the photos of the report on screen.

    ``told``: where they are may be another. ``asked`` carries a ``Changed`` that wakes the sync.
    """

    told = Signal()
    asked = Signal(object)

    def __init__(self, session: Session, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._lanes = session, lanes
        self._names: tuple[str, ...] = ()
        self._found: Mapping[str, Whereabouts] = {}
        self._asked: set[str] = set()
        self._again = later(self, _LOOK_EVERY_MS, self.look)

    def follow(self, names: Sequence[str]) -> None:
        """Look where these photos are, and have those fetched that are not here."""
        if tuple(names) != self._names:
            self._names, self._found, self._asked = tuple(names), {}, set()
        self.look()

    def find(self, name: str) -> Whereabouts | None:
        """Return where a photo is, once that was looked up."""
        return self._found.get(name)

    def retry(self, name: str) -> None:
        """Try again what could not be sent or fetched."""
        session = self._session
        self._lanes.owned_by(self).run(
            Lane.WRITER, lambda: whereabouts.retry(session, [name]), self._after_asking
        )

    def look(self) -> None:
        """Look again where the photos are."""
        session, names = self._session, self._names
        if names:
            self._lanes.owned_by(self).run(
                Lane.READER, lambda: whereabouts.find(session, names), self._take, key="photos"
            )

    def _take(self, found: Mapping[str, Whereabouts]) -> None:
        if set(found) != set(self._names):
            return
        self._found = found
        self.told.emit()
        away = [name for name, each in found.items() if each.where is Where.AWAY]
        if wanted := [name for name in away if name not in self._asked]:
            self._asked.update(wanted)
            session = self._session
            self._lanes.owned_by(self).run(
                Lane.WRITER, lambda: whereabouts.ask_for(session, wanted), self._after_asking
            )
        if any(each.is_moving for each in found.values()):
            self._again.start()

    def _after_asking(self, changed: object) -> None:
        self.look()
        self.asked.emit(changed)


def label_of(news: Whereabouts | None) -> str:
    """Return what lies over a photo that is here, '' when there is nothing to tell."""
    say = QCoreApplication.translate
    match None if news is None else news.where:
        case Where.TO_SEND:
            return say("PhotoNews", "Waiting to be sent")
        case Where.SENDING if news is not None:
            return say("PhotoNews", "Sending {percent} %").format(percent=news.percent)
        case Where.NOT_SENT if news is not None:
            words = say("PhotoNews", "Could not be sent: {reason}")
            return words.format(reason=reason_of(news.fault))
    return ""


def words_of(news: Whereabouts | None) -> tuple[str, str] | None:
    """Return what stands in the place of a photo that is not here; None when nothing is known."""
    say = QCoreApplication.translate
    meanwhile = say("PhotoNews", "You can decide without it.")
    match None if news is None else news.where:
        case Where.WANTED:
            return say("PhotoNews", "Not on this desk yet — fetching"), meanwhile
        case Where.FETCHING if news is not None:
            words = say("PhotoNews", "Not on this desk yet — fetching {percent} %")
            return words.format(percent=news.percent), meanwhile
        case Where.NOT_THERE:
            return say("PhotoNews", "Not on this desk yet"), say(
                "PhotoNews", "The desk that has it has not sent it. You can decide without it."
            )
        case Where.NOT_FETCHED if news is not None:
            words = say("PhotoNews", "Could not be fetched: {reason}")
            return words.format(reason=reason_of(news.fault)), meanwhile
    return None


def is_here(news: Whereabouts | None) -> bool:
    """Tell whether a photo is on this desk, sent or not."""
    return news is not None and news.where in {
        Where.HERE,
        Where.TO_SEND,
        Where.SENDING,
        Where.NOT_SENT,
    }


def may_retry(news: Whereabouts | None) -> bool:
    """Tell whether somebody may try a photo again."""
    return news is not None and news.where in {Where.NOT_FETCHED, Where.NOT_SENT}


def reason_of(fault: str) -> str:
    """Return why a photo did not come through, as the end of a sentence."""
    say = QCoreApplication.translate
    if fault in _LINE:
        return say("PhotoNews", "the line to the server failed")
    words = {
        "wrong_hash": say("PhotoNews", "what came was another file"),
        Code.WRONG_CONTENT: say("PhotoNews", "the server got another file"),
        "disk_full": say("PhotoNews", "this desk's disk is full"),
        "disk_error": say("PhotoNews", "this desk's disk does not take it"),
        Code.STORAGE_FULL: say("PhotoNews", "the server's disk is full"),
        "missing": say("PhotoNews", "this desk no longer has it"),
        "damaged": say("PhotoNews", "the file on this desk is damaged"),
        Code.TOO_LARGE: say("PhotoNews", "it is too large for the server"),
    }
    return words.get(fault) or say("PhotoNews", "the server refused it")
