"""Where the photos of a report are: on this desk, at the server, or on their way between."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import media
from trafficdesk.services.changes import NOTHING, Changed
from trafficdesk.services.session import Session
from trafficdesk.store import media_transfers, sync_marks
from trafficdesk.store.media_transfers import DOWN, FAILED, FETCHING, SENDING, SENT, UP, Transfer
from trafficdesk.wire.codes import Code


class Where(StrEnum):
    """Where a photo is."""

    HERE = "here"
    TO_SEND = "to_send"
    SENDING = "sending"
    NOT_SENT = "not_sent"  # only a person can go on
    AWAY = "away"
    WANTED = "wanted"
    FETCHING = "fetching"
    NOT_THERE = "not_there"  # whoever took it has not sent it yet
    NOT_FETCHED = "not_fetched"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a photo is, how much of it has come or gone, and what went wrong last."""

    where: Where
    percent: int = 0
    fault: str = ""

    @property
    def is_moving(self) -> bool:
        """Tell whether its percentage is about to change."""
        return self.where in {Where.SENDING, Where.FETCHING}


def find(session: Session, names: Collection[str]) -> dict[str, Whereabouts]:
    """Return where photos are, by SHA-256."""
    with session.store.reading() as connection:
        known = media_transfers.find_of(connection, names)
        is_linked = sync_marks.find_link(connection) is not None
    return {
        name: _where(
            [each for each in known if each.sha256 == name],
            is_here=media.is_here(session, name),
            is_linked=is_linked,
        )
        for name in names
    }


def ask_for(session: Session, names: Collection[str]) -> Changed:
    """Have photos fetched that are not here, also such as could not be; the latest come first."""
    with session.store.writing() as connection:
        if sync_marks.find_link(connection) is None:
            return NOTHING
        media_transfers.ask_for(connection, names, to_ms(session.clock()))
    return Changed(kinds=frozenset({Entity.MEDIA}))


def retry(session: Session, names: Collection[str]) -> Changed:
    """Try again at once what could not be sent or fetched."""
    with session.store.writing() as connection:
        media_transfers.retry(connection, names)
    return ask_for(session, [each for each in names if not media.is_here(session, each)])


def _where(known: Sequence[Transfer], *, is_here: bool, is_linked: bool) -> Whereabouts:
    if not is_here:
        coming = [each for each in known if each.direction == DOWN]
        return _coming(coming[0]) if coming else Whereabouts(Where.AWAY)
    going = [each for each in known if each.direction == UP and each.state != SENT]
    # A desk of its own sends to nobody.
    return _going(going[0]) if going and is_linked else Whereabouts(Where.HERE)


def _going(transfer: Transfer) -> Whereabouts:
    if transfer.state == FAILED:
        return Whereabouts(Where.NOT_SENT, 0, transfer.fault)
    if transfer.state == SENDING:
        return Whereabouts(Where.SENDING, _percent(transfer), transfer.fault)
    return Whereabouts(Where.TO_SEND, 0, transfer.fault)


def _coming(transfer: Transfer) -> Whereabouts:
    if transfer.state == FETCHING:
        return Whereabouts(Where.FETCHING, _percent(transfer), transfer.fault)
    if transfer.fault == Code.NOT_FOUND:
        return Whereabouts(Where.NOT_THERE)
    if transfer.state == FAILED or transfer.fault:
        return Whereabouts(Where.NOT_FETCHED, 0, transfer.fault)
    if transfer.state in media_transfers.ON_SERVER:
        return Whereabouts(Where.AWAY)  # it made room for others
    return Whereabouts(Where.WANTED)


def _percent(transfer: Transfer) -> int:
    return min(99, transfer.done_bytes * 100 // max(1, transfer.size_bytes))
