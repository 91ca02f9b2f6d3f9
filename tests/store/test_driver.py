"""What the driver binds comes back as it went in."""

import pytest

from trafficdesk.store.driver import dbapi2


@pytest.mark.parametrize(
    "value", [None, b"", b"\x00\xff" * 9, bytearray(b"ab"), memoryview(b"ab"), 0, 1 << 62, 0.5, "é"]
)
def test_a_bound_value_comes_back(value: object) -> None:
    with dbapi2.connect(":memory:") as connection:
        ((found,),) = connection.execute("SELECT ?", (value,)).fetchall()
    assert found == value
    assert type(found) is (bytes if isinstance(value, bytearray | memoryview) else type(value))


@pytest.mark.parametrize("kind", [type(None), bytes])
def test_no_adapter_is_looked_for_in_vain(kind: type) -> None:
    assert (kind, dbapi2.PrepareProtocol) in dbapi2.adapters
