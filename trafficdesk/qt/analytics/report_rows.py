"""Reports that can be had, those that come round and those on their way, as rows of tables."""

from zoneinfo import ZoneInfo

from trafficdesk.domain.deliveries import DeliveryState, RunState, Way
from trafficdesk.domain.reporting.catalogue import Template
from trafficdesk.domain.times import from_ms
from trafficdesk.qt.ages import clock, day
from trafficdesk.qt.analytics.report_words import (
    fault_words,
    of_words,
    rhythm_words,
    say,
    target_words,
    template_about,
    template_title,
)
from trafficdesk.qt.analytics.table_cells import NOTHING, Cell, Column, Look, Row
from trafficdesk.services.schedules import Scheduled
from trafficdesk.store.deliveries import Delivery
from trafficdesk.store.schedules import Run


def when(at_ms: int, zone: ZoneInfo) -> str:
    """Return day and time, ``1 Nov 06:00``."""
    at = from_ms(at_ms)
    return f"{day(at, zone)} {clock(at, zone)}"


def template_columns() -> tuple[Column, ...]:
    """Return the columns of reports that can be had."""
    return Column(say("Report"), Look.TEXT), Column(say("Of"), Look.WORD, yields=1)


def template_rows(found: tuple[Template, ...]) -> tuple[Row, ...]:
    """Return the reports that an officer can have as rows."""
    return tuple(
        Row(
            each.id,
            (Cell(template_title(each.id), is_strong=True), Cell(of_words(each))),
            tip=template_about(each),
            subject=each,
        )
        for each in found
    )


def schedule_columns() -> tuple[Column, ...]:
    """Return the columns of what comes round."""
    return (
        Column(say("Report"), Look.TEXT),
        Column(say("When"), Look.WORD),
        Column(say("Next"), Look.WORD),
        Column(say("Last"), Look.WORD, yields=1),
        Column(say("For"), Look.WORD, yields=2),
    )


def schedule_rows(found: tuple[Scheduled, ...], zone: ZoneInfo) -> tuple[Row, ...]:
    """Return what comes round as rows."""
    return tuple(
        Row(
            each.id,
            (
                Cell(template_title(each.wish.template_id), is_strong=True),
                Cell(rhythm_words(each.wish.rhythm)),
                Cell(when(each.next_ms, zone)),
                _last(each.last, each.deliveries, zone),
                Cell(each.officer),
            ),
            tip=_schedule_tip(each),
            subject=each,
        )
        for each in found
    )


def _last(last: Run | None, deliveries: tuple[Delivery, ...], zone: ZoneInfo) -> Cell:
    if last is None:
        return NOTHING
    at = when(last.due_ms, zone)
    if last.state is RunState.REFUSED:
        return Cell(say("{when}, not made").format(when=at), is_strong=True)
    if last.state is RunState.PLANNED:
        return Cell(say("{when}, being made").format(when=at))
    states = {each.state for each in deliveries}
    if DeliveryState.FAILED in states:
        return Cell(say("{when}, failed").format(when=at), is_strong=True)
    if DeliveryState.QUEUED in states:
        return Cell(say("{when}, waits").format(when=at))
    return Cell(say("{when}, delivered").format(when=at))


def _schedule_tip(found: Scheduled) -> str:
    lines = [target_words(found.wish)]
    if found.last is not None and found.last.fault:
        lines.append(fault_words(found.last.fault))
    if found.passed_over:
        told = say("Passed over, because too many were missed at once: {count}")
        lines.append(told.format(count=found.passed_over))
    return "\n".join(lines)


def delivery_columns() -> tuple[Column, ...]:
    """Return the columns of what is on its way."""
    return (
        Column(say("To"), Look.TEXT),
        Column(say("File"), Look.TEXT, yields=2),
        Column(say("State"), Look.WORD),
        Column(say("When"), Look.WORD, yields=1),
    )


def delivery_rows(found: tuple[Delivery, ...], zone: ZoneInfo) -> tuple[Row, ...]:
    """Return what is on its way, and what arrived last, as rows."""
    return tuple(
        Row(
            each.pk,
            (
                Cell(each.target, is_strong=each.state is not DeliveryState.SENT),
                Cell(each.file),
                _state(each),
                _at(each, zone),
            ),
            tip="\n".join(filter(None, (each.file, each.target, each.detail))),
            subject=each,
        )
        for each in found
    )


def _state(each: Delivery) -> Cell:
    match each.state:
        case DeliveryState.SENT:
            return Cell(say("Mailed") if each.way is Way.MAIL else say("In the folder"))
        case DeliveryState.FAILED:
            return Cell(fault_words(each.fault), is_strong=True)
        case DeliveryState.QUEUED:
            return Cell(fault_words(each.fault) if each.fault else say("Waits"))


def _at(each: Delivery, zone: ZoneInfo) -> Cell:
    if each.done_ms is not None:
        return Cell(when(each.done_ms, zone))
    if each.state is DeliveryState.QUEUED and each.tries:
        return Cell(say("again {when}").format(when=when(each.next_ms, zone)))
    return NOTHING
