"""Units and ways to try rankings and plans on, made by hand or by chance."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from trafficdesk.domain.ranking import Sendable
from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import Basis, Leg
from trafficdesk.domain.vocabulary import Service, UnitStatus

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
HERE = Place(76.96, 11.02)


def crew(
    number: int,
    *,
    service: Service = Service.POLICE,
    status: UnitStatus = UnitStatus.AVAILABLE,
    age_min: float | None = 1,
    sent_before: int = 0,
    skills: frozenset[str] = frozenset(),
) -> Sendable:
    """Return a unit called by its number's last digit, seen some minutes ago (None: nowhere)."""
    return Sendable(
        UUID(int=number),
        f"P{number % 10:02}",
        service,
        status,
        None if age_min is None else HERE,
        None if age_min is None else NOW - timedelta(minutes=age_min),
        sent_before,
        skills,
    )


def by_road(seconds: float | None) -> Leg:
    return Leg(seconds, Basis.BY_ROAD)


crews = st.builds(
    crew,
    st.integers(1, 60),
    service=st.sampled_from(Service),
    status=st.sampled_from([UnitStatus.AVAILABLE] * 3 + [UnitStatus.EN_ROUTE, UnitStatus.OFF_DUTY]),
    age_min=st.one_of(st.none(), st.sampled_from([0, 1, 9, 10, 11, 45, 600, -30])),
    sent_before=st.integers(0, 4),
    skills=st.sets(st.sampled_from(["first aid", "crane", "tamil"])).map(frozenset),
)
fleets = st.lists(crews, max_size=9, unique_by=lambda unit: unit.id)
legs = st.builds(by_road, st.one_of(st.none(), st.integers(0, 3000), st.integers(0, 60_000)))
