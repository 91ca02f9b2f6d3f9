"""Units' kinds and states in words."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.skills import Skill
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


_SKILL: Final[dict[str, object]] = {
    Skill.FIRST_AID: QT_TRANSLATE_NOOP("Units", "First aid"),
    Skill.RESCUE: QT_TRANSLATE_NOOP("Units", "Rescue"),
    Skill.HEAVY_VEHICLES: QT_TRANSLATE_NOOP("Units", "Heavy vehicles"),
    Skill.HAZARDOUS_GOODS: QT_TRANSLATE_NOOP("Units", "Hazardous goods"),
}


def unit_status_word(status: UnitStatus) -> str:
    """Return what a unit is doing."""
    return QCoreApplication.translate("Units", str(_STATUS[status]))


def unit_kind_word(kind: UnitKind) -> str:
    """Return what a unit is."""
    return QCoreApplication.translate("Units", str(_KIND[kind]))


def skill_word(skill: str) -> str:
    """Return what a crew can do; a skill that is not of the known ones is told as it is."""
    known = _SKILL.get(skill)
    return skill if known is None else QCoreApplication.translate("Units", str(known))
