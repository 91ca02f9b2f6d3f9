"""How the position source stands, as an officer in the car reads it: what is, and what to do."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.position.status import PositionFault, State, Status

_STATES: Final[dict[State, tuple[object, object]]] = {
    State.OFF: (
        QT_TRANSLATE_NOOP("Position", "Position off"),
        QT_TRANSLATE_NOOP("Position", "The station has not turned positions on."),
    ),
    State.SEARCHING: (
        QT_TRANSLATE_NOOP("Position", "Searching for the position"),
        QT_TRANSLATE_NOOP("Position", "Under open sky the first takes up to a minute."),
    ),
    State.FIXED: (QT_TRANSLATE_NOOP("Position", "Position known"), ""),
    State.LOST: (
        QT_TRANSLATE_NOOP("Position", "Position lost"),
        QT_TRANSLATE_NOOP("Position", "Others see where you were last."),
    ),
}
_UNPLUGGED: Final = (
    QT_TRANSLATE_NOOP("Position", "No receiver"),
    QT_TRANSLATE_NOOP("Position", "Check its plug. It is looked for again by itself."),
)
_UNHEARD: Final = (
    QT_TRANSLATE_NOOP("Position", "The receiver is not understood"),
    QT_TRANSLATE_NOOP("Position", "Check its plug and power. If that does not help, tell IT."),
)
_FORBIDDEN: Final = (
    QT_TRANSLATE_NOOP("Position", "The receiver may not be used"),
    QT_TRANSLATE_NOOP("Position", "Tell IT: this user needs the right to use it."),
)
_BUSY: Final = (
    QT_TRANSLATE_NOOP("Position", "Another program uses the receiver"),
    QT_TRANSLATE_NOOP("Position", "Close it. The receiver is tried again by itself."),
)
_REPLAY_OVER: Final = (
    QT_TRANSLATE_NOOP("Position", "The recorded drive is over"),
    QT_TRANSLATE_NOOP("Position", "Open the desk again to play it anew."),
)
_SET_UP_WRONG: Final = (
    QT_TRANSLATE_NOOP("Position", "Positions are set up wrong"),
    QT_TRANSLATE_NOOP("Position", "Tell IT: “trafficdesk position” says what is missing."),
)
_FAULTS: Final[dict[PositionFault, tuple[object, object]]] = {
    PositionFault.NO_PORT: _UNPLUGGED,
    PositionFault.NO_RECEIVER_PORT: _UNPLUGGED,
    PositionFault.GPSD_WITHOUT_RECEIVER: _UNPLUGGED,
    PositionFault.BROKEN_OFF: _UNPLUGGED,
    PositionFault.SILENT: _UNHEARD,
    PositionFault.UNREADABLE: _UNHEARD,
    PositionFault.NOT_PERMITTED: _FORBIDDEN,
    PositionFault.LOCATION_FORBIDDEN: _FORBIDDEN,
    PositionFault.PORT_BUSY: _BUSY,
    PositionFault.REPLAY_OVER: _REPLAY_OVER,
}


def position_words(status: Status) -> tuple[str, str]:
    """Return how the source stands, and what to do about it: '' for nothing."""
    words = _STATES.get(status.state, _SET_UP_WRONG)
    if status.fault is not None:
        words = _FAULTS.get(status.fault.code, _SET_UP_WRONG)
    return _say(words[0]), _say(words[1])


def _say(source: object) -> str:
    return QCoreApplication.translate("Position", str(source)) if source else ""
