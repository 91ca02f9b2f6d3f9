"""A report of a list in words: its title, and the sentence that is read aloud."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.plates import format_plate
from trafficdesk.domain.records import QueueRow
from trafficdesk.domain.vocabulary import Severity, SyncState
from trafficdesk.qt.ages import age
from trafficdesk.qt.words import severity_word, sync_word, violation_word


def row_title(row: QueueRow) -> str:
    """Return the violation, with the number of further ones."""
    title = violation_word(row.violation)
    return f"{title} +{row.more_violations}" if row.more_violations else title


def row_sentence(row: QueueRow, now: datetime, *, is_unread: bool = False) -> str:
    """Return everything a row shows as one sentence."""
    parts = [
        severity_word(Severity(row.severity)),
        row_title(row),
        row.place,
        format_plate(row.plate),
        row.reference,
        QCoreApplication.translate("Rows", "evidence {score} of 100").format(score=row.score),
        QCoreApplication.translate("Rows", "{age} ago").format(age=age(row.reported_ms, now)),
        sync_word(SyncState(row.sync_state)),
    ]
    if row.assignee_initials:
        held = QCoreApplication.translate("Rows", "with {initials}")
        parts.append(held.format(initials=row.assignee_initials))
    if is_unread:
        parts.append(QCoreApplication.translate("Rows", "not opened yet"))
    return ", ".join(filter(None, parts))
