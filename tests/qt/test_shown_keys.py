"""Keys are shown as people read them."""

import pytest

from trafficdesk.qt.commands import shown_key


@pytest.mark.parametrize(
    ("key", "caps"),
    [
        ("A", ("A",)),
        ("Ctrl+K", ("Ctrl K",)),
        ("Ctrl+Shift+D", ("Ctrl Shift D",)),
        ("+", ("+",)),
        ("Ctrl++", ("Ctrl +",)),
        ("G, M", ("G", "M")),
    ],
)
def test_a_key_is_read_from_its_caps(key: str, caps: tuple[str, ...]) -> None:
    assert shown_key(key) == caps
