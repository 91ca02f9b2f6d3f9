"""What the desk needs of the installed Python packages, by what each of them asks for."""

import tomllib
from collections.abc import Collection
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.metadata import packages_distributions as distributions_by_module

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installers.page_assets import ROOT

# Their metadata is silent; this is what their licence files say.
STATED_IN_THE_FILE = {"sqlcipher3": "Zlib"}


def needed_by_the_desk(extras: Collection[str] = ("desk",)) -> dict[str, Distribution]:
    """Return what extras of the desk bring onto this machine, by canonical name."""
    found: dict[str, Distribution] = {}
    waiting = [
        (canonicalize_name(requirement.name), frozenset(requirement.extras))
        for requirement in map(Requirement, _asked_for(extras))
        if not requirement.marker or requirement.marker.evaluate()
    ]
    while waiting:
        name, wanted = waiting.pop()
        try:
            dist = distribution(name)
        except PackageNotFoundError:
            continue  # for another platform
        for line in dist.requires or ():
            requirement = Requirement(line)
            marker = requirement.marker
            if marker and not any(marker.evaluate({"extra": e}) for e in (wanted or {""})):
                continue
            key = canonicalize_name(requirement.name)
            if key not in found:
                waiting.append((key, frozenset(requirement.extras)))
        found[canonicalize_name(name)] = dist
    return found


def _asked_for(extras: Collection[str]) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    return [*project["dependencies"], *(line for extra in extras for line in optional[extra])]


def modules_of_others() -> list[str]:
    """Return the top-level modules that lie in this environment for anything but the desk."""
    needed = {*needed_by_the_desk(), "trafficdesk"}
    return sorted(
        module
        for module, names in distributions_by_module().items()
        if module.isidentifier() and needed.isdisjoint(map(canonicalize_name, names))
    )


def stated_licence(dist: Distribution) -> str:
    """Return what a distribution says of its licence: the expression, the field or classifiers."""
    fields = dist.metadata
    for name in ("License-Expression", "License"):
        if name in fields and fields[name].strip():
            return fields[name]
    classifiers = [c for c in fields.get_all("Classifier", []) if c.startswith("License ::")]
    return " OR ".join(classifiers) or STATED_IN_THE_FILE.get(canonicalize_name(dist.name), "")
