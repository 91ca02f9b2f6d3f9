"""Units' kinds and states in words."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.vocabulary import UnitKind, UnitStatus

_STATUS: Final[dict[UnitStatus, object]] = {
    UnitStatus.AVAILABLE: QT_TRANSLATE_NOOP("Units", "free"),
    UnitStatus.EN_ROUTE: QT_TRANSLATE_NOOP("Units", "on the way"),
    UnitStatus.ON_SCENE: QT_TRANSLATE_NOOP("Units", "on scene"),
    UnitStatus.BUSY: QT_TRANSLATE_NOOP("Units", "busy"),
    UnitStatus.OFF_DUTY: QT_TRANSLATE_NOOP("Units", "off duty"),
}
_KIND: Final[dict[UnitKind, object]] = {
    UnitKind.OFFICER: QT_TRANSLATE_NOOP("Units", "Officer"),
    UnitKind.PATROL_CAR: QT_TRANSLATE_NOOP("Units", "Patrol car"),
    UnitKind.AMBULANCE: QT_TRANSLATE_NOOP("Units", "Ambulance"),
    UnitKind.FIRE: QT_TRANSLATE_NOOP("Units", "Fire engine"),
    UnitKind.TOW: QT_TRANSLATE_NOOP("Units", "Tow truck"),
}


def unit_status_word(status: UnitStatus) -> str:
    """Return what a unit is doing."""
    return QCoreApplication.translate("Units", str(_STATUS[status]))


def unit_kind_word(kind: UnitKind) -> str:
    """Return what a unit is."""
    return QCoreApplication.translate("Units", str(_KIND[kind]))
