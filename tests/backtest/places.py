"""Weeks and months forecast again, square by square of 500 m."""

from tests.backtest.counts import Rows, whole_time
from trafficdesk.domain.analytics.place_backtest import PlaceBacktest, PlaceScore
from trafficdesk.domain.analytics.place_forecasting import Unit
from trafficdesk.services.analytics.place_forecasts import forecast_places
from trafficdesk.services.session import Session


def place_rows(session: Session) -> Rows:
    """Return what model and plain count were worth, and whether the model is shown."""
    rows: Rows = []
    for unit in (Unit.MONTH, Unit.WEEK):
        found = forecast_places(session, whole_time(session), unit).backtest
        assert found is not None
        rows += [_row(found, score) for score in (found.plain, found.model)]
    return rows


def _row(tested: PlaceBacktest, score: PlaceScore) -> dict[str, object]:
    is_model = score is tested.model
    areas = {}
    for each in score.areas:
        areas[f"hits, PAI, PEI* at {each.share:.0%}"] = (
            f"{each.hit_rate:.1%}, {each.pai:.2f}, {each.pei_star:.2f}"
        )
    return {
        "unit": f"{tested.folds} {tested.unit.value}s, {tested.squares} squares",
        "way": score.method.value,
        **areas,
        "top tenth": f"{score.top_precision:.1%}",
        "WAPE": f"{score.wape:.1%}",
        "in the 80 % band": "" if score.cover is None else f"{score.cover:.0%}",
        "shown": f"{tested.is_better} (p {tested.p_value:.3f})" if is_model else "",
    }
