"""The log of a shift as values for programs: times as ISO 8601 in UTC, lengths in seconds."""

from datetime import datetime, timedelta

from trafficdesk.services.shift_log import Call, Deed, HandedOver, ShiftLog, Took, UnitStand


def tell_log(log: ShiftLog, note: str = "") -> dict[str, object]:
    """Return a log for JSON; ``note`` is what was typed for the next shift, kept nowhere else."""
    return {
        "begin": _at(log.begin),
        "end": _at(log.end),
        "made_at": _at(log.made_at),
        "made_by": log.made_by,
        "station": log.station,
        "time_zone": log.zone_name,
        "is_running": log.is_running,
        "is_alone": log.is_alone,
        "heard_at": _at(log.heard_at),
        "filed": log.filed,
        "cleared": log.cleared,
        "merged": log.merged,
        "response_s": {
            "to_dispatch": _took(log.to_dispatch),
            "to_arrival": _took(log.to_arrival),
            "to_clear": _took(log.to_clear),
        },
        "calls": [_call(each) for each in log.calls],
        "handed_over": [_handed_over(each) for each in log.handed_over],
        "units": [_unit(each) for each in log.units],
        "log": [_deed(each) for each in log.deeds],
        "note": note,
    }


def _at(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def _took(took: Took) -> dict[str, object]:
    return {
        "median": _seconds(took.median),
        "longest": _seconds(took.worst),
        "counted": took.counted,
    }


def _call(call: Call) -> dict[str, object]:
    return {
        "incident": call.reference,
        "unit": call.call_sign,
        "at": _at(call.at),
        "acknowledged_at": _at(call.acknowledged_at),
        "acknowledged_by": call.acknowledged_by,
    }


def _handed_over(left: HandedOver) -> dict[str, object]:
    incident = left.incident
    return {
        "incident": incident.reference,
        "id": str(incident.id),
        "type": str(incident.type),
        "severity": incident.severity.name.lower(),
        "severity_score": incident.severity_score,
        "status": str(incident.status),
        "is_removed": incident.deleted_at is not None,
        "reported_at": _at(incident.reported_at),
        "address": incident.address,
        "area": incident.area,
        "units": [{"unit": call_sign, "step": str(step)} for call_sign, step in left.sent],
        "still_needed": {str(service): count for service, count in left.missing.items()},
        "sync": left.mark.name.lower(),
    }


def _unit(stand: UnitStand) -> dict[str, object]:
    unit, position = stand.now.unit, stand.now.position
    return {
        "unit": unit.call_sign,
        "kind": str(unit.kind),
        "crew": unit.crew,
        "status": str(stand.status),
        "incident": stand.reference,
        "position_at": None if position is None else _at(position.at),
        "sync": stand.mark.name.lower(),
    }


def _deed(deed: Deed) -> dict[str, object]:
    return {
        "at": _at(deed.at),
        "who": deed.actor,
        "is_here": deed.is_here,
        "entity": str(deed.entity),
        "action": deed.action,
        "incident": deed.reference,
        "unit": deed.call_sign,
        "note": deed.note,
        "sync": deed.mark.name.lower(),
    }
