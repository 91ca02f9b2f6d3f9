"""Addresses of figures."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from sync_server.accounts.service import TheCaller
from sync_server.analytics import service
from sync_server.analytics.asked import Asked
from sync_server.analytics.told import (
    ToldForecast,
    ToldHeat,
    ToldLocations,
    ToldOverview,
    ToldReport,
    ToldSquares,
    ToldTable,
    ToldTrends,
)
from sync_server.http.context import TheServer
from sync_server.http.envelope import described_data, reply_data
from trafficdesk.domain.analytics.place_forecasting import Unit
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.permissions import Permission
from trafficdesk.wire.envelope import Envelope

router = APIRouter(prefix="/api/v1/analytics", tags=["analytics"])

_Asked = Annotated[Asked, Depends()]
_AtMost = Annotated[int, Query(ge=1, le=50)]
_PARTS = {"station": Part.STATION, "ward": Part.WARD, "officer": Part.OFFICER}


@router.get("/overview", openapi_extra=described_data(None, Envelope[ToldOverview]))
def overview(request: Request, server: TheServer, caller: TheCaller, asked: _Asked) -> Response:
    """Tell every KPI of a scope, beside the period before.

    ``from`` and ``to`` are days of the city's standard time, the last twelve months if left out;
    ``station``, ``ward`` or ``officer`` narrows it. Needs ``analytics.view``, for another officer
    ``analytics.officers``.
    """
    caller.require(Permission.ANALYTICS_VIEW)
    return reply_data(request, service.read_overview(server, caller, asked))


@router.get("/kpis", openapi_extra=described_data(None, Envelope[ToldTable]))
def kpis(
    request: Request,
    server: TheServer,
    caller: TheCaller,
    asked: _Asked,
    by: Literal["station", "ward", "officer"] = "station",
) -> Response:
    """Tell the KPIs of every station, ward or officer side by side. Needs ``analytics.view``.

    Of officers only oneself without ``analytics.officers``.
    """
    caller.require(Permission.ANALYTICS_VIEW)
    return reply_data(request, service.read_kpis(server, caller, asked, _PARTS[by]))


@router.get("/trends", openapi_extra=described_data(None, Envelope[ToldTrends]))
def trends(request: Request, server: TheServer, caller: TheCaller, asked: _Asked) -> Response:
    """Tell reports by month, hour of the week, type and ward. Needs ``analytics.view``."""
    caller.require(Permission.ANALYTICS_VIEW)
    return reply_data(request, service.read_trends(server, caller, asked))


@router.get("/heatmap", openapi_extra=described_data(None, Envelope[ToldHeat]))
def heatmap(
    request: Request,
    server: TheServer,
    caller: TheCaller,
    asked: _Asked,
    cell_m: Annotated[int, Query(ge=50, le=20_000)] = 500,
) -> Response:
    """Tell how many reports occurred in each cell so wide. Needs ``analytics.view``."""
    caller.require(Permission.ANALYTICS_VIEW)
    return reply_data(request, service.read_heat(server, caller, asked, cell_m))


@router.get("/locations", openapi_extra=described_data(None, Envelope[ToldLocations]))
def locations(
    request: Request, server: TheServer, caller: TheCaller, asked: _Asked, limit: _AtMost = 20
) -> Response:
    """Tell the gravest places of a period, discs of 500 m. Needs ``analytics.view``."""
    caller.require(Permission.ANALYTICS_VIEW)
    return reply_data(request, service.read_locations(server, caller, asked, limit))


@router.get("/forecast", openapi_extra=described_data(None, Envelope[ToldForecast]))
def forecast(request: Request, server: TheServer, caller: TheCaller, asked: _Asked) -> Response:
    """Tell the months to come with what the method was worth so far. Needs ``analytics.view``."""
    caller.require(Permission.ANALYTICS_VIEW)
    return reply_data(request, service.read_forecast(server, caller, asked))


@router.get("/forecast/squares", openapi_extra=described_data(None, Envelope[ToldSquares]))
def squares(
    request: Request,
    server: TheServer,
    caller: TheCaller,
    asked: _Asked,
    unit: Unit = Unit.WEEK,
    limit: _AtMost = 20,
) -> Response:
    """Tell the squares of 500 m of which most is expected, with their whole back-test.

    Of the week after the period, or of the month that the day after it lies in. Beside the model
    stands the plain count, which is what is told where the model is no better. Needs
    ``analytics.view``.
    """
    caller.require(Permission.ANALYTICS_VIEW)
    return reply_data(request, service.read_squares(server, caller, asked, unit, limit))


@router.get("/report", openapi_extra=described_data(None, Envelope[ToldReport]))
def report(
    request: Request, server: TheServer, caller: TheCaller, asked: _Asked, limit: _AtMost = 10
) -> Response:
    """Tell overview, trends, stations and gravest places at once. Needs ``analytics.view``."""
    caller.require(Permission.ANALYTICS_VIEW)
    return reply_data(request, service.read_report(server, caller, asked, limit))
