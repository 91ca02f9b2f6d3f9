"""The demo's city and cast, read once."""

from uuid import UUID

import pytest

from trafficdesk.domain.demo.people import CITIZENS, STATIONS
from trafficdesk.services.demo.city import DemoCity, load_city
from trafficdesk.services.demo.sightings import Cast


@pytest.fixture(scope="session")
def city() -> DemoCity:
    return load_city()


@pytest.fixture(scope="session")
def cast() -> Cast:
    stations = tuple(UUID(int=100 + i) for i in range(len(STATIONS)))
    return Cast(UUID(int=1), stations, tuple(UUID(int=1000 + i) for i in range(CITIZENS)))
