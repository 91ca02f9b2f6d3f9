"""Reads the encoded lines in which Valhalla gives the shape of a way."""

from trafficdesk.domain.records import Place

_UNITS_PER_DEGREE = 1_000_000
_FIVE_BITS = 0x1F
_MORE = 0x20
_FIRST = 63


def read_polyline(text: str) -> list[Place]:
    """Return the places of a line: differences of latitude and longitude, five bits a letter.

    https://valhalla.github.io/valhalla/decoding/
    """
    places: list[Place] = []
    numbers: list[int] = []
    value = shift = 0
    for letter in text:
        bits = ord(letter) - _FIRST
        value |= (bits & _FIVE_BITS) << shift
        shift += 5
        if bits < _MORE:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    lat = lon = 0
    for d_lat, d_lon in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lon = lat + d_lat, lon + d_lon
        places.append(Place(lon / _UNITS_PER_DEGREE, lat / _UNITS_PER_DEGREE))
    return places
