"""What second looks came to as rows of tables."""

from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.analytics.agreement import Agreement
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus
from trafficdesk.qt.ages import day, number
from trafficdesk.qt.analytics.figure_words import decimal, percent
from trafficdesk.qt.analytics.table_cells import NOTHING, Cell, Column, Look, Row
from trafficdesk.qt.words import reason_word, status_word
from trafficdesk.services.analytics.second_looks import Differing, OfDecision, OfOfficer

_KAPPA: Final = (
    "Cohen's kappa: agreement beyond what chance alone would give. 1 is perfect, 0 is chance;"
    " below 0.6 is worth talking over."
)


def say(source: str) -> str:
    """Return a sentence of second looks, translated."""
    return QCoreApplication.translate("SecondLooks", source)


def agreement_words(found: Agreement) -> str:
    """Return how far two people agree, in one line; "" where nothing was looked at twice."""
    if found.rate is None:
        return ""
    told = say("{agreed} of {n} agree, {share}").format(
        agreed=number(found.agreed), n=number(found.n), share=percent(found.rate, 0)
    )
    if found.kappa is None:
        return told
    return told + " · " + say("kappa {kappa}").format(kappa=decimal(found.kappa, 2))


def decision_words(verdict: ReportStatus, reason: RejectionReason | None) -> str:
    """Return what was decided, with a rejection's reason."""
    word = status_word(verdict)
    return word if reason is None else f"{word}: {reason_word(reason)}"


def officer_columns() -> tuple[Column, ...]:
    """Return the columns of agreement by officer."""
    return (
        Column(say("Officer"), Look.TEXT),
        Column(say("Looked at")),
        Column(say("Agreed"), Look.BAR, unit="%"),
        Column(say("Kappa"), told=say(_KAPPA), yields=1),
    )


def decision_columns() -> tuple[Column, ...]:
    """Return the columns of agreement by what was decided."""
    return (
        Column(say("Was decided"), Look.TEXT),
        Column(say("Looked at")),
        Column(say("Agreed"), Look.BAR, unit="%"),
    )


def differing_columns() -> tuple[Column, ...]:
    """Return the columns of the decisions to talk over."""
    return (
        Column(say("Report"), Look.WORD),
        Column(say("Officer"), Look.WORD),
        Column(say("Decided"), Look.WORD),
        Column(say("Second look"), Look.WORD),
        Column(say("Why"), Look.TEXT, yields=1),
        Column(say("When"), Look.WORD, yields=2),
    )


def officer_rows(found: tuple[OfOfficer, ...]) -> tuple[Row, ...]:
    """Return agreement by officer as rows."""
    return tuple(
        Row(each.officer_id, (*_cells(each.name or say("Without a name"), each.agreement),))
        for each in found
    )


def decision_rows(found: tuple[OfDecision, ...]) -> tuple[Row, ...]:
    """Return agreement by what was decided as rows."""
    return tuple(
        Row(
            (each.verdict, each.reason),
            _cells(decision_words(each.verdict, each.reason), each.agreement)[:-1],
        )
        for each in found
    )


def _cells(name: str, found: Agreement) -> tuple[Cell, ...]:
    rate, kappa = found.rate, found.kappa
    return (
        Cell(name, is_strong=True),
        Cell(number(found.n), value=found.n),
        NOTHING
        if rate is None
        else Cell(percent(rate, 0), share=rate, is_strong=True, value=100 * rate),
        NOTHING if kappa is None else Cell(decimal(kappa, 2), value=kappa),
    )


def differing_rows(found: tuple[Differing, ...], zone: ZoneInfo) -> tuple[Row, ...]:
    """Return the decisions to talk over as rows; each opens its report."""
    return tuple(
        Row(
            (each.look.report_pk, each.look.at_ms),
            (
                Cell(each.look.reference, is_strong=True),
                Cell(each.name or say("Without a name")),
                Cell(decision_words(each.look.decided.verdict, each.look.decided.reason)),
                Cell(status_word(each.look.verdict), is_strong=True),
                Cell(each.look.note) if each.look.note else NOTHING,
                Cell(day(from_ms(each.look.at_ms), zone), value=from_ms(each.look.at_ms)),
            ),
            ReportFilter(text=each.look.reference),
            say("Looked at again by {name}").format(name=each.look.looker),
        )
        for each in found
    )
