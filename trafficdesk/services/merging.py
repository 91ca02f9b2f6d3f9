"""Two incidents that are one: the one that stays takes over what was known and who was sent."""

from typing import Final
from uuid import UUID

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Account, Incident
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, IncidentStatus, LanesBlocked, Service
from trafficdesk.services.dispatching import Kind, change, get
from trafficdesk.services.incidents import find_open
from trafficdesk.services.intent import Intent, intent
from trafficdesk.services.outcomes import Outcome, Refusal, refusal
from trafficdesk.services.session import Session
from trafficdesk.store import incidents, media

_LANES: Final = tuple(LanesBlocked)


def merge(session: Session, stays_id: UUID, goes_id: UUID) -> Outcome:
    """Merge an incident into another: its accounts, worse facts, needs and units go there."""
    kind = Kind.MERGE
    if not session.may(Permission.INCIDENT_DISPATCH):
        return refusal(kind, Refusal.NOT_PERMITTED)
    with intent(session, kind) as doing:
        stays, goes = (incidents.find(doing.connection, each) for each in (stays_id, goes_id))
        code = _barrier(stays, goes)
        if code is not None or stays is None or goes is None:
            return refusal(kind, code or Refusal.MOVED_ON)
        change(doing, Entity.INCIDENT, stays.id, ("absorb", ""), _absorbed(doing, stays, goes))
        moved = find_open(doing, goes.id)
        gone = {"merged_into": str(stays.id), "cleared_ms": to_ms(doing.lease_now)}
        change(doing, Entity.INCIDENT, goes.id, ("merge", ""), gone)
        for each in moved:
            where = {"incident_id": str(stays.id)}
            change(doing, Entity.ASSIGNMENT, each.id, ("move", ""), where)
        return doing.outcome()


def _barrier(stays: Incident | None, goes: Incident | None) -> Refusal | None:
    for each in (stays, goes):
        if each is None or each.deleted_at is not None:
            return Refusal.MOVED_ON
        if each.merged_into is not None:
            return Refusal.INCIDENT_MERGED
        if each.status is IncidentStatus.CLEARED:
            return Refusal.INCIDENT_CLEARED
    if stays is None or goes is None or stays.id == goes.id:
        return Refusal.NOTHING_TO_CHANGE
    return Refusal.CALL_FOR_HELP_STAYS if goes.unit_id not in {None, stays.unit_id} else None


def _absorbed(doing: Intent, stays: Incident, goes: Incident) -> dict[str, object]:
    """Return what the one that stays becomes."""
    of_stays, of_goes = (get(doing, Entity.INCIDENT, each.id).values for each in (stays, goes))
    lanes = max(stays.lanes_blocked, goes.lanes_blocked, key=_LANES.index)
    needs = {
        str(service): most
        for service in Service
        if (most := max(stays.needs.get(service, 0), goes.needs.get(service, 0)))
    }
    return {
        "accounts": _joined(of_stays["accounts"], [as_account(goes)], of_goes["accounts"]),
        "media": media.without_twins(_joined(of_stays["media"], of_goes["media"])),
        "verifications": stays.verifications + goes.verifications,
        "needs": needs,
        "severity": int(max(stays.severity, goes.severity)),
        "vehicle_count": max(stays.vehicle_count, goes.vehicle_count),
        "injuries": stays.injuries or goes.injuries,
        "injury_count": max(stays.injury_count, goes.injury_count),
        "lanes_blocked": str(lanes),
    }


def as_account(incident: Incident) -> dict[str, object]:
    """Return an incident as one more person's account of another."""
    account = Account(
        incident.id,
        incident.reported_at,
        incident.source,
        incident.description or incident.address,
        incident.place,
    )
    return incidents.account_facts(account)


def _joined(*lists: object) -> list[object]:
    joined = list[object]()
    for each in lists:
        if isinstance(each, list):
            joined += [one for one in each if one not in joined]
    return joined
