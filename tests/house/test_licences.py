"""Nothing under the GPL or AGPL gets into what officers are given; the LGPL of Qt may."""

import re

from installers.needed import needed_by_the_desk, stated_licence
from installers.page_assets import VENDOR

STRONG_COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|Affero|GNU General)", re.IGNORECASE)


EXTRAS = ("desk", "basemap", "routing")


def test_everything_the_desk_needs_states_its_licence() -> None:
    needed = needed_by_the_desk(EXTRAS)
    assert {"pyside6-essentials", "folium", "sqlalchemy", "numpy"} <= needed.keys()
    silent = [name for name, dist in needed.items() if not stated_licence(dist)]
    assert not silent


def test_everything_the_desk_needs_may_be_had_without_strong_copyleft() -> None:
    bound = {
        name: stated
        for name, dist in needed_by_the_desk(EXTRAS).items()
        if (stated := stated_licence(dist))
        and all(STRONG_COPYLEFT.search(choice) for choice in stated.split(" OR "))
    }
    assert not bound


def test_every_page_asset_comes_with_its_licence() -> None:
    stated = (VENDOR / "LICENCES" / "PACKAGES.txt").read_text(encoding="utf-8").splitlines()
    assert stated
    assert not [line for line in stated if STRONG_COPYLEFT.search(line)]
    for name in ("leaflet", "protomaps-leaflet", "inter-ui", "lucide-static", "world-atlas"):
        assert (VENDOR / "LICENCES" / f"{name}.txt").stat().st_size > 500
