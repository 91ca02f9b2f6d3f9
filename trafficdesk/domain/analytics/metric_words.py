"""What each KPI is called and what exactly it counts: English, for screens and papers to say."""

from collections.abc import Mapping
from typing import Final

from trafficdesk.domain.analytics.metrics import MetricId

# How every figure is compared (``compared.same_part``).
SAME_PART: Final = (
    "A period that is not over is compared with the same part of the other one: up to the same day"
    " and time of day, by the city's standard time. Of a month that has no such day all counts."
)
METRIC_WORDS: Final[Mapping[MetricId, tuple[str, str]]] = {
    MetricId.RECEIVED: (
        "Reports received",
        "Reports that came in during the period, whatever became of them.",
    ),
    MetricId.HANDLED: (
        "Reports decided",
        (
            "Decisions made in the period: approved, rejected or a duplicate. What was decided anew"
            " counts for its last decision."
        ),
    ),
    MetricId.APPROVED_SHARE: (
        "Approved",
        "Approvals as a share of all decisions of the period.",
    ),
    MetricId.REJECTED_SHARE: (
        "Rejected",
        "Rejections as a share of all decisions of the period.",
    ),
    MetricId.DUPLICATE_SHARE: (
        "Duplicates",
        "What was found to be a duplicate, as a share of all decisions.",
    ),
    MetricId.DECISION_TIME: (
        "Time to decide, median",
        (
            "Half of the decisions came sooner after the report was received, nights included."
            " Told to within 6 %."
        ),
    ),
    MetricId.DECISION_TIME_P90: (
        "Time to decide, 9 of 10",
        "Nine of ten decisions came sooner after the report. Told to within 6 %.",
    ),
    MetricId.WITHIN_A_DAY: (
        "Decided within a day",
        "Decisions less than 24 hours after the report, as a share of all.",
    ),
    MetricId.BACKLOG: (
        "Waiting",
        "Reports that nobody has decided yet, as the period ends.",
    ),
    MetricId.BACKLOG_AGE: (
        "Age of what waits, median",
        "Half of the waiting reports are younger, in whole days.",
    ),
    MetricId.BACKLOG_OLDEST: (
        "Oldest that waits",
        "Age of the oldest report that waits, in whole days.",
    ),
    MetricId.LET_GO_SHARE: (
        "Let go undecided",
        "Reports that were taken up and put back, as a share of those and the decisions.",
    ),
    MetricId.REOPENED_SHARE: (
        "Reopened",
        "Decisions taken up again, as a share of those and the decisions.",
    ),
    MetricId.SECOND_LOOKS: (
        "Second looks",
        "Decisions that another officer looked at again.",
    ),
    MetricId.AGREEMENT: (
        "Agreement",
        "Second looks that came to the same decision, as a share of all.",
    ),
    MetricId.KAPPA: (
        "Agreement beyond chance",
        (
            "Cohen's kappa of first and second decisions: 1 is always the same, 0 no better than"
            " chance."
        ),
    ),
    MetricId.PER_OFFICER_DAY: (
        "Decisions per officer and day",
        "Decisions divided by days on which an officer decided anything.",
    ),
    MetricId.SEVERE_SHARE: (
        "Severe or critical",
        "Severe and critical reports as a share of those received.",
    ),
    MetricId.EVIDENCE_SCORE: (
        "Evidence, mean",
        "Mean evidence score of the reports received, 0 to 100.",
    ),
    MetricId.REPEAT_VEHICLES: (
        "Vehicles reported again",
        "Vehicles with two reports or more in the period.",
    ),
    MetricId.REPEAT_VEHICLE_SHARE: (
        "Share reported again",
        "Vehicles reported again as a share of all whose plate is known.",
    ),
    MetricId.CITATIONS: (
        "Citations",
        "Citations issued in the period.",
    ),
    MetricId.CITED_AMOUNT: (
        "Sum of citations",
        "What the citations of the period come to.",
    ),
    MetricId.INCIDENTS: (
        "Incidents",
        "Incidents that dispatch heard of in the period.",
    ),
    MetricId.INJURY_CRASHES: (
        "Crashes with injured",
        "Incidents of the period in which somebody was hurt.",
    ),
    MetricId.TO_DISPATCH: (
        "Report to dispatch, median",
        "Half of the incidents had a unit sent sooner.",
    ),
    MetricId.TO_ARRIVAL: (
        "Dispatch to scene, median",
        "Half of the incidents had the first unit on scene sooner.",
    ),
    MetricId.TO_CLEAR: (
        "Scene to cleared, median",
        "Half of the incidents were cleared sooner after arrival.",
    ),
}
