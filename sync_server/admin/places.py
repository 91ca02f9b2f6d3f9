"""An agency's city and stations, as an operator writes them in a JSON file."""

from typing import Annotated

import msgspec

_Lon = Annotated[float, msgspec.Meta(ge=-180, le=180)]
_Lat = Annotated[float, msgspec.Meta(ge=-90, le=90)]
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class StationFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A station of a city."""

    name: _Text
    lon: _Lon
    lat: _Lat


class CityFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency's city as an operator writes it; ``bounds`` are west, south, east, north."""

    tenant: _Text
    code: Annotated[str, msgspec.Meta(pattern="^[A-Z0-9]{2,8}$")]
    name: _Text
    time_zone: _Text
    lon: _Lon
    lat: _Lat
    bounds: tuple[_Lon, _Lat, _Lon, _Lat]
    stations: Annotated[list[StationFile], msgspec.Meta(min_length=1)]
