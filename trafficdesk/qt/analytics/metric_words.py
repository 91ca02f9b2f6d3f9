"""What each KPI is called and what exactly it counts, in words."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.analytics.metrics import MetricId

_WORDS: Final[dict[MetricId, tuple[object, object]]] = {
    MetricId.RECEIVED: (
        QT_TRANSLATE_NOOP("Metrics", "Reports received"),
        QT_TRANSLATE_NOOP(
            "Metrics", "Reports that came in during the period, whatever became of them."
        ),
    ),
    MetricId.HANDLED: (
        QT_TRANSLATE_NOOP("Metrics", "Reports decided"),
        QT_TRANSLATE_NOOP(
            "Metrics",
            "Decisions made in the period: approved, rejected or a duplicate. What was decided anew"
            " counts for its last decision.",
        ),
    ),
    MetricId.APPROVED_SHARE: (
        QT_TRANSLATE_NOOP("Metrics", "Approved"),
        QT_TRANSLATE_NOOP("Metrics", "Approvals as a share of all decisions of the period."),
    ),
    MetricId.REJECTED_SHARE: (
        QT_TRANSLATE_NOOP("Metrics", "Rejected"),
        QT_TRANSLATE_NOOP("Metrics", "Rejections as a share of all decisions of the period."),
    ),
    MetricId.DUPLICATE_SHARE: (
        QT_TRANSLATE_NOOP("Metrics", "Duplicates"),
        QT_TRANSLATE_NOOP(
            "Metrics", "What was found to be a duplicate, as a share of all decisions."
        ),
    ),
    MetricId.DECISION_TIME: (
        QT_TRANSLATE_NOOP("Metrics", "Time to decide, median"),
        QT_TRANSLATE_NOOP(
            "Metrics",
            "Half of the decisions came sooner after the report was received, nights included."
            " Told to within 6 %.",
        ),
    ),
    MetricId.DECISION_TIME_P90: (
        QT_TRANSLATE_NOOP("Metrics", "Time to decide, 9 of 10"),
        QT_TRANSLATE_NOOP(
            "Metrics", "Nine of ten decisions came sooner after the report. Told to within 6 %."
        ),
    ),
    MetricId.WITHIN_A_DAY: (
        QT_TRANSLATE_NOOP("Metrics", "Decided within a day"),
        QT_TRANSLATE_NOOP(
            "Metrics", "Decisions less than 24 hours after the report, as a share of all."
        ),
    ),
    MetricId.BACKLOG: (
        QT_TRANSLATE_NOOP("Metrics", "Waiting"),
        QT_TRANSLATE_NOOP("Metrics", "Reports that nobody has decided yet, as the period ends."),
    ),
    MetricId.BACKLOG_AGE: (
        QT_TRANSLATE_NOOP("Metrics", "Age of what waits, median"),
        QT_TRANSLATE_NOOP("Metrics", "Half of the waiting reports are younger, in whole days."),
    ),
    MetricId.BACKLOG_OLDEST: (
        QT_TRANSLATE_NOOP("Metrics", "Oldest that waits"),
        QT_TRANSLATE_NOOP("Metrics", "Age of the oldest report that waits, in whole days."),
    ),
    MetricId.LET_GO_SHARE: (
        QT_TRANSLATE_NOOP("Metrics", "Let go undecided"),
        QT_TRANSLATE_NOOP(
            "Metrics",
            "Reports that were taken up and put back, as a share of those and the decisions.",
        ),
    ),
    MetricId.REOPENED_SHARE: (
        QT_TRANSLATE_NOOP("Metrics", "Reopened"),
        QT_TRANSLATE_NOOP(
            "Metrics", "Decisions taken up again, as a share of those and the decisions."
        ),
    ),
    MetricId.SECOND_LOOKS: (
        QT_TRANSLATE_NOOP("Metrics", "Second looks"),
        QT_TRANSLATE_NOOP("Metrics", "Decisions that another officer looked at again."),
    ),
    MetricId.AGREEMENT: (
        QT_TRANSLATE_NOOP("Metrics", "Agreement"),
        QT_TRANSLATE_NOOP(
            "Metrics", "Second looks that came to the same decision, as a share of all."
        ),
    ),
    MetricId.KAPPA: (
        QT_TRANSLATE_NOOP("Metrics", "Agreement beyond chance"),
        QT_TRANSLATE_NOOP(
            "Metrics",
            "Cohen's kappa of first and second decisions: 1 is always the same, 0 no better than"
            " chance.",
        ),
    ),
    MetricId.PER_OFFICER_DAY: (
        QT_TRANSLATE_NOOP("Metrics", "Decisions per officer and day"),
        QT_TRANSLATE_NOOP(
            "Metrics", "Decisions divided by days on which an officer decided anything."
        ),
    ),
    MetricId.SEVERE_SHARE: (
        QT_TRANSLATE_NOOP("Metrics", "Severe or critical"),
        QT_TRANSLATE_NOOP("Metrics", "Severe and critical reports as a share of those received."),
    ),
    MetricId.EVIDENCE_SCORE: (
        QT_TRANSLATE_NOOP("Metrics", "Evidence, mean"),
        QT_TRANSLATE_NOOP("Metrics", "Mean evidence score of the reports received, 0 to 100."),
    ),
    MetricId.REPEAT_VEHICLES: (
        QT_TRANSLATE_NOOP("Metrics", "Vehicles reported again"),
        QT_TRANSLATE_NOOP("Metrics", "Vehicles with two reports or more in the period."),
    ),
    MetricId.REPEAT_VEHICLE_SHARE: (
        QT_TRANSLATE_NOOP("Metrics", "Share reported again"),
        QT_TRANSLATE_NOOP(
            "Metrics", "Vehicles reported again as a share of all whose plate is known."
        ),
    ),
    MetricId.CITATIONS: (
        QT_TRANSLATE_NOOP("Metrics", "Citations"),
        QT_TRANSLATE_NOOP("Metrics", "Citations issued in the period."),
    ),
    MetricId.CITED_AMOUNT: (
        QT_TRANSLATE_NOOP("Metrics", "Sum of citations"),
        QT_TRANSLATE_NOOP("Metrics", "What the citations of the period come to."),
    ),
    MetricId.INCIDENTS: (
        QT_TRANSLATE_NOOP("Metrics", "Incidents"),
        QT_TRANSLATE_NOOP("Metrics", "Incidents that dispatch heard of in the period."),
    ),
    MetricId.INJURY_CRASHES: (
        QT_TRANSLATE_NOOP("Metrics", "Crashes with injured"),
        QT_TRANSLATE_NOOP("Metrics", "Incidents of the period in which somebody was hurt."),
    ),
    MetricId.TO_DISPATCH: (
        QT_TRANSLATE_NOOP("Metrics", "Report to dispatch, median"),
        QT_TRANSLATE_NOOP("Metrics", "Half of the incidents had a unit sent sooner."),
    ),
    MetricId.TO_ARRIVAL: (
        QT_TRANSLATE_NOOP("Metrics", "Dispatch to scene, median"),
        QT_TRANSLATE_NOOP("Metrics", "Half of the incidents had the first unit on scene sooner."),
    ),
    MetricId.TO_CLEAR: (
        QT_TRANSLATE_NOOP("Metrics", "Scene to cleared, median"),
        QT_TRANSLATE_NOOP("Metrics", "Half of the incidents were cleared sooner after arrival."),
    ),
}


def metric_name(metric: MetricId) -> str:
    """Return what a KPI is called."""
    return QCoreApplication.translate("Metrics", str(_WORDS[metric][0]))


def metric_definition(metric: MetricId) -> str:
    """Return what exactly a KPI counts."""
    return QCoreApplication.translate("Metrics", str(_WORDS[metric][1]))
