"""Files to import, a mapping for them, and a supervisor who may."""

from collections.abc import Callable
from pathlib import Path

import pytest

from trafficdesk.domain.vocabulary import Role
from trafficdesk.services.importing.mapping import Mapping, load_mapping
from trafficdesk.services.session import Session

HEADER = "time,lon,lat,kind,vehicle,plate,text"
MAPPING = """
[time]
column = "time"
formats = ["iso", "%d/%m/%Y %H:%M"]
zone = "Asia/Kolkata"
[place]
lon = "lon"
lat = "lat"
[violation]
column = "kind"
split = ";"
[violation.values]
red = "signal_jump"
helmet = "no_helmet"
[vehicle_type]
column = "vehicle"
values = { moto = "two_wheeler", car = "car" }
[plate]
column = "plate"
[description]
column = "text"
"""


@pytest.fixture
def supervisor(make_session: Callable[..., Session]) -> Session:
    return make_session(Role.SUPERVISOR, "Velu R")


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    path = tmp_path / "map.toml"
    path.write_text(MAPPING)
    return load_mapping(path)


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Write a CSV of these rows under the usual header."""

    def make(*rows: str, encoding: str = "utf-8", header: str = HEADER) -> Path:
        path = tmp_path / "rows.csv"
        path.write_bytes("\n".join([header, *rows]).encode(encoding))
        return path

    return make
