"""The rows and columns of ``day_sums``: what is counted of a day, and of whom."""

from typing import Final

from trafficdesk.domain.analytics.agreement import verdict_of
from trafficdesk.domain.analytics.durations import BUCKETS
from trafficdesk.domain.analytics.trends import HOURS
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Violation

KEY: Final = ("part", "part_id", "day")
VERDICTS: Final = ("approved", "rejected", "duplicate")
CITED: Final = ("cited", "cited_minor")
SCORE: Final = "score_sum"
RECEIVED: Final = tuple(f"received_{int(each)}" for each in Severity)
# By the day it occurred on, where all else is by the day it was reported on or decided.
HAPPENED: Final = "happened"
TYPE_OF: Final = {str(each): f"type_{each}" for each in Violation}
OWN_TYPE: Final = "type_own"  # of a code that an admin made
TYPES: Final = (*TYPE_OF.values(), OWN_TYPE)
AT_HOUR: Final = tuple(f"hour_{hour}" for hour in range(HOURS))
TOOK: Final = tuple(f"took_{bucket}" for bucket in range(BUCKETS))
# What is asked for alone comes first: a row is read from its start.
COUNTS: Final = (*VERDICTS, *CITED, SCORE, *RECEIVED, HAPPENED, *TYPES, *AT_HOUR, *TOOK)
COLUMN_OF: Final = {
    str(status): str(verdict) for status in ReportStatus if (verdict := verdict_of(status))
}
