"""Making a report on the server: who may, behind which walls, noted before anything is read."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sync_server.accounts.service import Caller
from sync_server.analytics.asked import date_of
from sync_server.analytics.queries import Question, find_calendar, find_parts
from sync_server.audit import service as audit
from sync_server.db.engine import Connection, Crossing
from sync_server.problems import RefusedError
from sync_server.reporting import queries
from sync_server.reporting.asking import ServerAnswers
from sync_server.server import Server
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.reporting.asked import Asked, Form
from trafficdesk.domain.reporting.catalogue import BY_ID, Template
from trafficdesk.domain.reporting.composing import About, compose
from trafficdesk.domain.reporting.document import Document
from trafficdesk.domain.reporting.figures import Show
from trafficdesk.domain.shifts import shift_of
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Role
from trafficdesk.exports.documents.writing import write_document
from trafficdesk.languages import words_in
from trafficdesk.wire.codes import Code

CURRENCY: Final = "INR"
OPERATOR: Final = "operator of the server"
_SOURCE: Final = "sync server"


@dataclass(frozen=True, slots=True)
class Maker:
    """For whom a report is made, of which city; without a role it is the server's operator.

    An operator sees everything but what tells of people, which is masked.
    """

    tenant_id: UUID
    city_id: UUID
    name: str = OPERATOR
    role: Role | None = None
    actor_id: UUID | None = None
    device_id: UUID | None = None
    request_id: str = ""

    @classmethod
    def of(cls, caller: Caller, city_id: UUID) -> "Maker":
        """Return a caller as who makes a report of a city."""
        name = " ".join(filter(None, (caller.user.rank, caller.user.name)))
        device_id = caller.device.id if caller.device else None
        person = name, caller.role, caller.user.id
        return cls(caller.tenant_id, city_id, *person, device_id, caller.origin.request_id)

    def may(self, permission: Permission) -> bool:
        """Tell whether they may do something."""
        return self.role is None or may(self.role, permission)

    @property
    def is_masked(self) -> bool:
        """Tell whether plates are masked for them."""
        return self.role is None or not may(self.role, Permission.CITIZEN_READ_PII)


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was written, and its content."""

    path: Path
    form: Form
    document: Document


def operator_of(server: Server, code: str) -> Maker:
    """Return the operator as who makes a report of a city's code. Raises ``RefusedError``."""
    with server.database.crossing(Crossing.OPERATOR) as connection:
        found = queries.find_city_named(connection, code)
    if len(found) != 1:
        told = "several agencies have" if found else "there is no"
        raise RefusedError(Code.NOT_FOUND, f"For a report one city is needed; {told} {code}.")
    return Maker(found[0]["tenant_id"], found[0]["id"])


def today_of(server: Server, maker: Maker) -> int:
    """Return the present day of a maker's city."""
    with server.database.reading(maker.tenant_id, [maker.city_id]) as connection:
        return find_calendar(connection, maker.city_id).day_of(to_ms(utc_now()))


def shift_at(server: Server, maker: Maker, at: datetime | None) -> int:
    """Return the shift that ran at a time of the city's clocks; without one the last whole one."""
    with server.database.reading(maker.tenant_id, [maker.city_id]) as connection:
        calendar = find_calendar(connection, maker.city_id)
    if at is None:
        return shift_of(calendar, to_ms(utc_now())) - 1
    return shift_of(calendar, to_ms(at.replace(tzinfo=UTC)) - calendar.offset_ms)


def make_report(server: Server, maker: Maker, asked: Asked, form: Form, path: Path) -> Made:
    """Write a report to a file.

    Raises:
        RefusedError: there is no such template here, it is not theirs, or about something else.
        OSError: the folder takes no file; what was there is still there.
    """
    template = template_of(maker, asked)
    walls = maker.tenant_id, [maker.city_id]
    deed = audit.Deed(
        action="report.make",
        tenant_id=maker.tenant_id,
        actor_id=maker.actor_id,
        device_id=maker.device_id,
        subject=asked.template_id,
        detail={
            "format": str(form),
            "masked": maker.is_masked,
            "of": str(asked.scope.part_id),
            "city": str(maker.city_id),
            "from": date_of(asked.period.first_day),
            "to": date_of(asked.period.past_day - 1),
        },
        request_id=maker.request_id,
    )
    with server.database.transaction(*walls) as connection:
        audit.append(connection, deed)
    with server.database.reading(*walls) as connection:
        document, show = _compose(connection, maker, template, asked)
    write_document(document, path, form, show)
    return Made(path, form, document)


def template_of(maker: Maker, asked: Asked) -> Template:
    """Return the template of what is asked. Raises ``RefusedError``: it cannot be had so."""
    template = BY_ID.get(asked.template_id)
    if template is None:
        raise RefusedError(Code.NOT_FOUND, "The server makes no such report.")
    for permission in (Permission.REPORT_EXPORT, template.permission):
        if not maker.may(permission):
            raise RefusedError(Code.NOT_PERMITTED, f"This needs {permission.value}.")
    try:
        scope = asked.scope
    except ValueError:
        raise _of_something_else(template) from None
    if scope.part not in template.of:
        raise _of_something_else(template)
    is_others = scope.officer_id not in {None, maker.actor_id}
    if is_others and not maker.may(Permission.ANALYTICS_OFFICERS):
        needed = Permission.ANALYTICS_OFFICERS.value
        raise RefusedError(Code.NOT_PERMITTED, f"This needs {needed}.")
    return template


def _of_something_else(template: Template) -> RefusedError:
    of = ", ".join(sorted(part.name.lower() for part in template.of))
    return RefusedError(Code.BAD_REQUEST, f"{template.title} is a report of one {of}.")


def _compose(
    connection: Connection, maker: Maker, template: Template, asked: Asked
) -> tuple[Document, Show]:
    city = queries.find_city(connection, maker.city_id)
    calendar = find_calendar(connection, maker.city_id)
    now_ms = to_ms(utc_now())
    place = _place(connection, maker, asked, city["name"])
    show = Show(words_in(asked.language), CURRENCY, calendar.offset_ms)
    about = About(
        city["name"],
        place,
        _SOURCE,
        now_ms,
        maker.name,
        now_ms,
        maker.is_masked,
        city["time_zone"],
    )
    may_see_all = maker.may(Permission.ANALYTICS_OFFICERS)
    answers = ServerAnswers(
        connection,
        Question(maker.city_id, calendar, asked.scope),
        maker.tenant_id,
        calendar.day_time(now_ms),
        maker.is_masked,
        None if may_see_all else maker.actor_id,
    )
    return compose(template, asked, answers, show, about), show


def _place(connection: Connection, maker: Maker, asked: Asked, city: str) -> str:
    scope = asked.scope
    if scope.part is Part.CITY:
        return city
    names = {
        row["id"]: str(row["name"]) for row in find_parts(connection, maker.city_id, scope.part)
    }
    if scope.part_id not in names:
        raise RefusedError(Code.NOT_FOUND, "There is no such station, ward or officer.")
    return names[scope.part_id]


def part_named(server: Server, maker: Maker, part: Part, name: str) -> UUID | None:
    """Return the station, ward or officer of a name; None for "". Raises ``RefusedError``."""
    if not name:
        return None
    with server.database.reading(maker.tenant_id, [maker.city_id]) as connection:
        rows = find_parts(connection, maker.city_id, part)
    found: list[UUID] = [row["id"] for row in rows if row["name"].casefold() == name.casefold()]
    if len(found) != 1:
        raise RefusedError(Code.NOT_FOUND, f"There is no {part.name.lower()} {name}, or several.")
    return found[0]
