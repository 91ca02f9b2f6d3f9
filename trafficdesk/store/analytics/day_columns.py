"""The columns of ``day_sums``: what is counted of a day of the city, a station, ward, officer."""

from typing import Final

from trafficdesk.domain.analytics.agreement import verdict_of
from trafficdesk.domain.analytics.durations import BUCKETS
from trafficdesk.domain.analytics.trends import HOURS
from trafficdesk.domain.vocabulary import ReportStatus, Severity

KEY: Final = ("part", "part_id", "day")
VERDICTS: Final = ("approved", "rejected", "duplicate")
CITED: Final = ("cited", "cited_minor")
SCORE: Final = "score_sum"
RECEIVED: Final = tuple(f"received_{int(each)}" for each in Severity)
AT_HOUR: Final = tuple(f"hour_{hour}" for hour in range(HOURS))
TOOK: Final = tuple(f"took_{bucket}" for bucket in range(BUCKETS))
# What is asked for alone comes first: a row is read from its start.
COUNTS: Final = (*VERDICTS, *CITED, SCORE, *RECEIVED, *AT_HOUR, *TOOK)
COLUMN_OF: Final = {
    str(status): str(verdict) for status in ReportStatus if (verdict := verdict_of(status))
}
