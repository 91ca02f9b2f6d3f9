"""The words of reports: English sentences, and whoever says them in another language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.analytics.metric_words import METRIC_WORDS
from trafficdesk.domain.analytics.metrics import MetricId
from trafficdesk.domain.reporting.codes import parts_of_code
from trafficdesk.domain.reporting.language import Language
from trafficdesk.domain.vocabulary import Severity, Violation

Say = Callable[[str, str], str]  # context and English source to what is said

CONTEXT: Final = "Reporting"
METRICS: Final = "Metrics"
OF_RECORDS: Final = "Words"
OF_CODES: Final = "Codes"


def sentence(source: str) -> str:
    """Mark a sentence that is said elsewhere, so that translators are shown it."""
    return source


MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# As the desk calls them (context "Words").
VIOLATIONS: Final[Mapping[str, str]] = {
    Violation.SPEED: "Speeding",
    Violation.SIGNAL_JUMP: "Red-light jump",
    Violation.WRONG_SIDE: "Wrong-side driving",
    Violation.NO_HELMET: "No helmet",
    Violation.NO_SEAT_BELT: "No seat belt",
    Violation.TRIPLE_RIDING: "Triple riding",
    Violation.MOBILE_USE: "Phone while driving",
    Violation.DRUNK_DRIVING: "Drunken driving",
    Violation.ILLEGAL_PARKING: "Illegal parking",
    Violation.NO_ENTRY: "No entry",
    Violation.OVERLOADING: "Overloading",
    Violation.RASH_DRIVING: "Rash driving",
    Violation.DEFECTIVE_PLATE: "Defective number plate",
    Violation.FOOTPATH_RIDING: "Footpath riding",
    Violation.OTHER: "Other violation",
}
SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.MINOR: "Minor",
    Severity.MODERATE: "Moderate",
    Severity.SEVERE: "Severe",
    Severity.CRITICAL: "Critical",
}


def _as_it_is(_context: str, source: str) -> str:
    return source


@dataclass(frozen=True, slots=True)
class Words:
    """What a report says; in English unless ``translate`` knows another language."""

    translate: Say = _as_it_is
    language: Language = Language.ENGLISH

    def say(self, source: str) -> str:
        """Return a sentence of the reports."""
        return self.translate(CONTEXT, source)

    def metric(self, metric_id: MetricId) -> str:
        """Return what a KPI is called."""
        return self.translate(METRICS, METRIC_WORDS[metric_id][0])

    def definition(self, metric_id: MetricId) -> str:
        """Return what a KPI counts."""
        return self.translate(METRICS, METRIC_WORDS[metric_id][1])

    def violation(self, code: str) -> str:
        """Return a violation's words; a code that an admin added is its own word."""
        known = VIOLATIONS.get(code)
        return code.replace("_", " ") if known is None else self.translate(OF_RECORDS, known)

    def severity(self, severity: Severity) -> str:
        """Return a severity's word."""
        return self.translate(OF_RECORDS, SEVERITIES[severity])

    def code(self, code: str) -> str:
        """Return the words of a code such as ``report.approve`` or ``car_crash``."""
        first, *others = (self.translate(OF_CODES, part) for part in parts_of_code(code))
        return ": ".join((first, *(each[:1].lower() + each[1:] for each in others)))

    def month(self, number: int) -> str:
        """Return the short name of a month from 1 to 12."""
        return self.say(MONTHS[number - 1])

    def weekday(self, number: int) -> str:
        """Return the short name of a weekday; Monday is 0."""
        return self.say(WEEKDAYS[number])


ENGLISH: Final = Words()
