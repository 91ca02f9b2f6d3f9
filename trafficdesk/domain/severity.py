"""How severe an incident is, as a number from 0 to 100."""

from trafficdesk.domain.vocabulary import LanesBlocked

_LANES = {LanesBlocked.NONE: 0, LanesBlocked.PARTIAL: 10, LanesBlocked.ALL: 25}


def incident_severity_score(
    *, vehicles: int, injuries: bool, lanes: LanesBlocked, merged_reports: int
) -> int:
    """Return 10 per vehicle + 30 for injuries + lanes + 5 per merged report, capped at 100."""
    score = 10 * vehicles + (30 if injuries else 0) + _LANES[lanes] + 5 * merged_reports
    return min(score, 100)
