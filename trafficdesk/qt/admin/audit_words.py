"""What an audit entry tells of, in words."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.authority import UNDO
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.event_words import done_word

_WORDS: Final[dict[str, object]] = {
    "desk.unlock": QT_TRANSLATE_NOOP("Audit", "Desk unlocked"),
    "desk.lock": QT_TRANSLATE_NOOP("Audit", "Desk locked"),
    "desk.idle_lock": QT_TRANSLATE_NOOP("Audit", "Desk locked itself"),
    "desk.quit": QT_TRANSLATE_NOOP("Audit", "Desk closed"),
    "desk.revoked": QT_TRANSLATE_NOOP("Audit", "Desk locked: the server has revoked it"),
    "desk.key_slots_older": QT_TRANSLATE_NOOP("Audit", "Opened with an older key file"),
    "desk.tries_lost": QT_TRANSLATE_NOOP("Audit", "The count of wrong passwords was lost"),
    "desk.tries_set_back": QT_TRANSLATE_NOOP("Audit", "The count of wrong passwords was set back"),
    "officer.wrong_tries": QT_TRANSLATE_NOOP("Audit", "Wrong passwords at the unlock screen"),
    "saved_search.save": QT_TRANSLATE_NOOP("Audit", "Search saved"),
    "saved_search.remove": QT_TRANSLATE_NOOP("Audit", "Search removed"),
    "schedule.add": QT_TRANSLATE_NOOP("Audit", "A report comes round from now on"),
    "schedule.remove": QT_TRANSLATE_NOOP("Audit", "A report comes round no more"),
    "schedule.make": QT_TRANSLATE_NOOP("Audit", "Report made that comes round"),
    "schedule.see_undelivered": QT_TRANSLATE_NOOP("Audit", "Undelivered reports seen"),
    "schedule.deliver": QT_TRANSLATE_NOOP("Audit", "Report brought where it is to go"),
    "officer.password_reset": QT_TRANSLATE_NOOP("Audit", "Helped at the unlock screen"),
    "officer.recovered": QT_TRANSLATE_NOOP("Audit", "Recovery code used"),
    "desk.joined": QT_TRANSLATE_NOOP("Audit", "Desk joined to a server with its work"),
    "desk.replaced": QT_TRANSLATE_NOOP("Audit", "Desk enrolled anew"),
    "bundle.carried": QT_TRANSLATE_NOOP("Audit", "Another desk's bundle carried"),
    "desk.backup": QT_TRANSLATE_NOOP("Audit", "Desk backed up"),
    "desk.rekey": QT_TRANSLATE_NOOP("Audit", "Desk encrypted with a new key"),
    "officer.add": QT_TRANSLATE_NOOP("Audit", "Officer added"),
    "officer.change": QT_TRANSLATE_NOOP("Audit", "Officer changed"),
    "officer.remove": QT_TRANSLATE_NOOP("Audit", "Officer removed"),
    "officer.set_password": QT_TRANSLATE_NOOP("Audit", "Temporary password set"),
    "officer.change_password": QT_TRANSLATE_NOOP("Audit", "Own password changed"),
    "officer.wrong_password": QT_TRANSLATE_NOOP("Audit", "Wrong password at changing it"),
    "officer.enable_keyring": QT_TRANSLATE_NOOP("Audit", "Keyring switched on"),
    "officer.disable_keyring": QT_TRANSLATE_NOOP("Audit", "Keyring switched off"),
    "citizen.read_identity": QT_TRANSLATE_NOOP("Audit", "Citizen's identity read"),
    "report.import_undo": QT_TRANSLATE_NOOP("Audit", "Import taken back"),
    "desk.be_unit": QT_TRANSLATE_NOOP("Audit", "Desk rides with a unit"),
    "desk.leave_unit": QT_TRANSLATE_NOOP("Audit", "Desk rides with no unit any more"),
    "desk.city": QT_TRANSLATE_NOOP("Audit", "City changed"),
    "ward.import": QT_TRANSLATE_NOOP("Audit", "Wards imported"),
    "base_map.import": QT_TRANSLATE_NOOP("Audit", "Base map imported"),
    "base_map.remove": QT_TRANSLATE_NOOP("Audit", "Base map removed"),
    "violation_type.add": QT_TRANSLATE_NOOP("Audit", "Violation type added"),
    "violation_type.rename": QT_TRANSLATE_NOOP("Audit", "Violation type renamed"),
    "operation.retry": QT_TRANSLATE_NOOP("Audit", "Change sent once more"),
    "operation.withdraw": QT_TRANSLATE_NOOP("Audit", "Change withdrawn"),
    "audit.verify": QT_TRANSLATE_NOOP("Audit", "Audit checked"),
    "audit.verify_failed": QT_TRANSLATE_NOOP("Audit", "Audit checked and found damaged"),
    "audit.export": QT_TRANSLATE_NOOP("Audit", "Audit exported"),
    "map.export": QT_TRANSLATE_NOOP("Audit", "Map exported"),
    "report.export": QT_TRANSLATE_NOOP("Audit", "List of reports exported"),
    "list.export": QT_TRANSLATE_NOOP("Audit", "List exported"),
    "analytics.export": QT_TRANSLATE_NOOP("Audit", "Figures exported"),
    "diagnostics.export": QT_TRANSLATE_NOOP("Audit", "Diagnostics file written"),
    "geofence.draw": QT_TRANSLATE_NOOP("Audit", "Area drawn"),
    "geofence.rename": QT_TRANSLATE_NOOP("Audit", "Area renamed"),
    "geofence.reshape": QT_TRANSLATE_NOOP("Audit", "Shape of an area changed"),
    "geofence.remove": QT_TRANSLATE_NOOP("Audit", "Area removed"),
    "incident.file": QT_TRANSLATE_NOOP("Audit", "Incident filed"),
    "incident.call_for_help": QT_TRANSLATE_NOOP("Audit", "Call for help"),
    "incident.correct": QT_TRANSLATE_NOOP("Audit", "Incident corrected"),
    "incident.verify": QT_TRANSLATE_NOOP("Audit", "Incident seen by somebody else, too"),
    "incident.acknowledge": QT_TRANSLATE_NOOP("Audit", "Alert acknowledged"),
    "incident.escalate": QT_TRANSLATE_NOOP("Audit", "Alert escalated"),
    "incident.clear": QT_TRANSLATE_NOOP("Audit", "Incident cleared"),
    "incident.reopen": QT_TRANSLATE_NOOP("Audit", "Incident reopened"),
    "incident.absorb": QT_TRANSLATE_NOOP("Audit", "Another incident merged into it"),
    "incident.merge": QT_TRANSLATE_NOOP("Audit", "Incident merged into another"),
    "incident.remove": QT_TRANSLATE_NOOP("Audit", "Incident removed"),
    "assignment.dispatch": QT_TRANSLATE_NOOP("Audit", "Unit sent"),
    "assignment.acknowledge": QT_TRANSLATE_NOOP("Audit", "Unit acknowledged"),
    "assignment.set_out": QT_TRANSLATE_NOOP("Audit", "Unit en route"),
    "assignment.arrive": QT_TRANSLATE_NOOP("Audit", "Unit on scene"),
    "assignment.finish": QT_TRANSLATE_NOOP("Audit", "Unit done"),
    "assignment.withdraw": QT_TRANSLATE_NOOP("Audit", "Unit withdrawn"),
    "assignment.correct_times": QT_TRANSLATE_NOOP("Audit", "Times of a unit corrected"),
    "assignment.move": QT_TRANSLATE_NOOP("Audit", "Unit moved by a merge"),
    "unit.enlist": QT_TRANSLATE_NOOP("Audit", "Unit enlisted"),
    "unit.edit": QT_TRANSLATE_NOOP("Audit", "Unit changed"),
    "unit.set_duty": QT_TRANSLATE_NOOP("Audit", "Duty of a unit changed"),
    "unit.send": QT_TRANSLATE_NOOP("Audit", "Unit taken for an incident"),
    "unit.free": QT_TRANSLATE_NOOP("Audit", "Unit free again"),
    "unit.check_in": QT_TRANSLATE_NOOP("Audit", "Crew checked in"),
    "unit.retire": QT_TRANSLATE_NOOP("Audit", "Unit retired"),
}
_OF_REPORTS: Final = (Entity.REPORT, Entity.CITATION)


def audit_word(action: str) -> str:
    """Return what an action was; ``action`` is the entity, a dot and what was done."""
    known = _WORDS.get(action)
    if known is not None:
        # QT_TRANSLATE_NOOP gives its text back, typed as an object.
        return QCoreApplication.translate("Audit", str(known))
    entity, _, done = action.partition(".")
    if done.startswith(UNDO) and f"{entity}.{done.removeprefix(UNDO)}" in _WORDS:
        undone = audit_word(f"{entity}.{done.removeprefix(UNDO)}")
        told = QCoreApplication.translate("Audit", "Taken back: {what}")
        return told.format(what=undone)
    return done_word(done) if entity in _OF_REPORTS else action.replace("_", " ")
