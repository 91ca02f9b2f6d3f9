"""Nothing under the GPL or AGPL gets into what officers are given; the LGPL of Qt may."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installers.page_assets import VENDOR

# Their metadata is silent; this is what their licence files say.
STATED_IN_THE_FILE = {"sqlcipher3": "Zlib"}
STRONG_COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|Affero|GNU General)", re.IGNORECASE)


def needed_by_the_desk() -> dict[str, Distribution]:
    """Return what the desk's extras bring onto this machine, by canonical name."""
    found: dict[str, Distribution] = {}
    waiting = [("trafficdesk", frozenset({"desk", "basemap", "routing"}))]
    while waiting:
        name, extras = waiting.pop()
        try:
            dist = distribution(name)
        except PackageNotFoundError:
            continue  # for another platform
        for line in dist.requires or ():
            requirement = Requirement(line)
            marker = requirement.marker
            if marker and not any(marker.evaluate({"extra": e}) for e in (extras or {""})):
                continue
            key = canonicalize_name(requirement.name)
            if key not in found:
                waiting.append((key, frozenset(requirement.extras)))
        found[canonicalize_name(name)] = dist
    del found["trafficdesk"]
    return found


def stated_licence(dist: Distribution) -> str:
    """Return what a distribution says of its licence: the expression, the field or classifiers."""
    fields = dist.metadata
    for name in ("License-Expression", "License"):
        if name in fields and fields[name].strip():
            return fields[name]
    classifiers = [c for c in fields.get_all("Classifier", []) if c.startswith("License ::")]
    return " OR ".join(classifiers) or STATED_IN_THE_FILE.get(canonicalize_name(dist.name), "")


def test_everything_the_desk_needs_states_its_licence() -> None:
    needed = needed_by_the_desk()
    assert {"pyside6-essentials", "folium", "sqlalchemy", "numpy"} <= needed.keys()
    silent = [name for name, dist in needed.items() if not stated_licence(dist)]
    assert not silent


def test_everything_the_desk_needs_may_be_had_without_strong_copyleft() -> None:
    bound = {
        name: stated
        for name, dist in needed_by_the_desk().items()
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
