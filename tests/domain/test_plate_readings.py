"""Plates are found in fields and sentences, and what is often misread is nearly the same."""

import pytest

from trafficdesk.domain.plate_readings import apart, find_readings, readings_apart


@pytest.mark.parametrize(
    ("plate", "text", "readings"),
    [
        ("TN 37 BZ 4412", "", ("TN37BZ4412",)),
        ("", "white swift TN 37 BZ 4412 jumped the signal", ("TN37BZ4412",)),
        ("TN37BZ4412", "car parked tn37bz44i2", ("TN37BZ4412", "TN37BZ44I2")),
        ("tn37bz4412", "TN-37-BZ-4412!", ("TN37BZ4412",)),
        ("4412", "", ()),
        ("", "call 9876543210, 20 km/h, 3 on a scooter", ()),
        ("", "சிக்னல் மீறல் TN66A1234 வண்டி", ("TN66A1234",)),
    ],
)
def test_what_is_told_of_a_plate_is_read(plate: str, text: str, readings: tuple[str, ...]) -> None:
    assert find_readings(plate, text) == readings


def test_what_looks_alike_is_nearer_than_what_does_not() -> None:
    plate = "TN37BZ4810"
    assert apart(plate, plate) == 0
    assert apart(plate, "TN37BZ481O") == pytest.approx(0.3)  # 0 and O
    assert apart(plate, "TN37BZ4B10") == pytest.approx(0.3)  # 8 and B
    assert apart(plate, "TN37BZ48L0") == pytest.approx(0.6)  # 1 and L
    assert apart(plate, "TN37BZ4870") == pytest.approx(0.6)  # 1 and 7
    assert apart(plate, "TN37BZ4860") == pytest.approx(1.0)
    assert apart(plate, "TN37BZ480") == pytest.approx(1.0)  # one missing
    assert apart(plate, "TN37BZ4B1O") == pytest.approx(0.6)


def test_the_nearest_of_several_readings_counts() -> None:
    assert readings_apart(("TN37BZ4412", "TN37BZ4413"), ("KA01AA0001", "TN37BZ4413")) == 0
    assert readings_apart((), ("TN37BZ4413",)) is None
