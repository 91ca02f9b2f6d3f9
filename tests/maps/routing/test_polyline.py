"""Encoded lines become places again."""

from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.records import Place
from trafficdesk.maps.routing.polyline import read_polyline

degrees = st.integers(-180_000_000, 180_000_000)


def number(value: int) -> str:
    """Encode one number as the format's description says."""
    value = ~(value << 1) if value < 0 else value << 1
    letters = ""
    while value >= 0x20:
        letters += chr((0x20 | (value & 0x1F)) + 63)
        value >>= 5
    return letters + chr(value + 63)


def test_a_line_that_the_engine_wrote_is_read() -> None:
    assert read_polyline("a`d|xAatcdQQgDsFF") == [
        Place(9.521489, 47.139345),
        Place(9.521573, 47.139354),
        Place(9.521569, 47.139476),
    ]
    assert read_polyline("") == []


@given(st.lists(st.tuples(degrees, degrees)))
def test_what_is_encoded_by_the_rule_is_read_back(points: list[tuple[int, int]]) -> None:
    text, before = "", (0, 0)
    for lon, lat in points:
        text += number(lat - before[1]) + number(lon - before[0])
        before = (lon, lat)
    assert read_polyline(text) == [Place(lon / 1e6, lat / 1e6) for lon, lat in points]
