"""Every icon that is named is shipped, and takes the colour it is given."""

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

import trafficdesk.qt
from trafficdesk.qt.theme.icons import icon_pixmap
from trafficdesk.shipped import shipped

# Where a call names an icon: the argument's place.
PLACES = {
    "IconLabel": 0,
    "IconButton": 0,
    "paint_icon": 1,
    "icon": 0,
    "icon_pixmap": 0,
    "set_icon": 0,
}


def _used_icons() -> set[str]:
    used: set[str] = set()
    for path in Path(trafficdesk.qt.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            named = [k.value for k in node.keywords if k.arg == "icon"]
            if name in PLACES:
                named += node.args[PLACES[name] : PLACES[name] + 1]
            if name == "Workspace":
                named += node.args[2:3]
            used |= {
                a.value for a in named if isinstance(a, ast.Constant) and isinstance(a.value, str)
            }
    return used - {""}


def test_every_icon_the_code_names_is_shipped() -> None:
    used = _used_icons()
    assert len(used) > 10
    assert {
        name for name in used if not shipped("vendor", "icons", f"{name}.svg").exists()
    } == set()


def test_an_icon_is_drawn_in_the_colour_and_size_it_is_given() -> None:
    image = icon_pixmap("lock", 16, QColor("#BE2424"), 2.0).toImage()
    assert (image.width(), image.height()) == (32, 32)
    inked = [
        image.pixelColor(x, y)
        for x in range(32)
        for y in range(32)
        if image.pixelColor(x, y).alpha() > 200
    ]
    assert inked
    assert all(abs(c.red() - 0xBE) < 12 and c.green() < 0x40 for c in inked)


def test_the_same_icon_is_drawn_once() -> None:
    first = icon_pixmap("search", 20, QColor("#123456"))
    assert icon_pixmap("search", 20, QColor("#123456")).cacheKey() == first.cacheKey()
    assert icon_pixmap("search", 20, QColor("#654321")).cacheKey() != first.cacheKey()


def test_a_name_that_is_not_shipped_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        icon_pixmap("no-such-icon", 16, QColor("#000000"))
