"""Addresses of reports: which there are, and one of them as a file."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from sync_server.accounts.service import TheCaller
from sync_server.analytics.asked import Asked as Question
from sync_server.analytics.service import city_of
from sync_server.http.context import TheServer
from sync_server.http.envelope import described_data, reply_data
from sync_server.reporting import service
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.reporting.asked import Asked, Form
from trafficdesk.domain.reporting.catalogue import TEMPLATES
from trafficdesk.domain.reporting.language import Language
from trafficdesk.wire.envelope import Envelope

router = APIRouter(prefix="/api/v1/analytics", tags=["analytics"])
_TYPES: Final = {
    Form.PDF: "application/pdf",
    Form.HTML: "text/html; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ToldTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A report that the server makes: what stands in it, and what it can be about."""

    id: str
    title: str
    about: str
    permission: str
    of: list[str]


class Written:
    """What a report is written as, in which language; of a shift, a time at which it ran."""

    def __init__(
        self,
        form: Annotated[Form, Query(alias="format")] = Form.PDF,
        language: Language = Language.ENGLISH,
        shift: datetime | None = None,
    ) -> None:
        self.form, self.language, self.shift = form, language, shift


@router.get("/reports", openapi_extra=described_data(None, Envelope[list[ToldTemplate]]))
def templates(request: Request, caller: TheCaller) -> Response:
    """List the reports that the caller may have of this server. Needs ``analytics.view``."""
    caller.require(Permission.ANALYTICS_VIEW)
    told = [
        ToldTemplate(
            id=each.id,
            title=each.title,
            about=each.about,
            permission=each.permission,
            of=sorted(part.name.lower() for part in each.of),
        )
        for each in TEMPLATES
        if may(caller.role, each.permission)
    ]
    return reply_data(request, told)


@router.get("/reports/{template}")
def report(
    server: TheServer,
    caller: TheCaller,
    question: Annotated[Question, Depends()],
    template: str,
    written: Annotated[Written, Depends()],
) -> Response:
    """Make a report as PDF, HTML or XLSX; days and whom it is of as for the figures.

    Of a shift: the one that ran at ``shift`` by the city's clocks, else the last whole one.

    Needs ``report.export`` and the permission of its template; it is noted in the audit.
    """
    caller.require(Permission.REPORT_EXPORT)
    maker = service.Maker.of(caller, city_of(caller, question.whose.city))
    scope = question.scope(service.today_of(server, maker))
    asked = Asked(
        template,
        scope.period,
        scope.station_id,
        scope.ward_id,
        scope.officer_id,
        service.shift_at(server, maker, written.shift),
        written.language,
    )
    form = written.form
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        path = Path(folder) / f"{template}.{form}"
        service.make_report(server, maker, asked, form, path)
        content = path.read_bytes()
    name = f'attachment; filename="{path.name}"'
    return Response(content, 200, {"Content-Disposition": name}, _TYPES[form])
