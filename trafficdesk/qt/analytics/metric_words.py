"""What each KPI is called and what exactly it counts, in the language of the desk."""

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.analytics.metric_words import METRIC_WORDS, SAME_PART
from trafficdesk.domain.analytics.metrics import MetricId


def same_part_words() -> str:
    """Return what a period that is not over is compared with."""
    return QCoreApplication.translate("Metrics", SAME_PART)


def metric_name(metric: MetricId) -> str:
    """Return what a KPI is called."""
    return QCoreApplication.translate("Metrics", METRIC_WORDS[metric][0])


def metric_definition(metric: MetricId) -> str:
    """Return what exactly a KPI counts."""
    return QCoreApplication.translate("Metrics", METRIC_WORDS[metric][1])
