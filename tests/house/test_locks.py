"""The lock files match what the project asks for, by hash, and name no place to fetch from."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installers.needed import needed_by_the_desk

ROOT = Path(__file__).parent.parent.parent
LOCKS = ("requirements.txt", "requirements-server.txt", "requirements-tracing.txt")
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")


def asked_for() -> list[Requirement]:
    """Return every requirement of pyproject.toml, of the build and of all extras."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    lines = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(line for extra in extras for line in extra),
    ]
    return [Requirement(line) for line in lines]


def locked() -> dict[str, list[str]]:
    """Return the locked versions by canonical name; a name may have one version per Python."""
    versions: dict[str, list[str]] = {}
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if match := PINNED.match(line):
            versions.setdefault(canonicalize_name(match["name"]), []).append(match["version"])
    return versions


@pytest.mark.parametrize("requirement", asked_for(), ids=lambda requirement: requirement.name)
def test_what_the_project_asks_for_is_locked_at_a_version_it_allows(
    requirement: Requirement,
) -> None:
    versions = locked().get(canonicalize_name(requirement.name))
    assert versions, f"{requirement} is not in requirements.txt: make the lock anew"
    assert all(requirement.specifier.contains(version) for version in versions)


def entries(lock: str) -> list[str]:
    """Return what a lock holds, each package with its hashes."""
    return re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip())


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash_and_no_address(lock: str) -> None:
    bare = [entry.splitlines()[0] for entry in entries(lock) if "--hash=sha256:" not in entry]
    assert not bare
    assert "://" not in "".join(entries(lock))


def test_a_server_is_locked_at_the_versions_that_are_tested_and_without_qt() -> None:
    of_server = [entry.split()[0] for entry in entries("requirements-server.txt")]
    assert set(of_server) <= {entry.split()[0] for entry in entries("requirements.txt")}
    names = {canonicalize_name(entry.partition("==")[0]) for entry in of_server}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["server"]
    assert {canonicalize_name(Requirement(line).name) for line in asked} <= names
    assert not [name for name in names if name.startswith("pyside6")]


def test_what_sends_spans_is_locked_at_the_versions_that_are_tested_and_is_nobody_elses() -> None:
    of_tracing = [entry.split()[0] for entry in entries("requirements-tracing.txt")]
    assert set(of_tracing) <= {entry.split()[0] for entry in entries("requirements.txt")}
    names = {canonicalize_name(entry.partition("==")[0]) for entry in of_tracing}
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {Requirement(line).name for line in extras["optional-dependencies"]["tracing"]}
    assert {canonicalize_name(name) for name in asked} <= names
    for extra in ("desk", "server", "basemap", "routing"):
        needed = {
            Requirement(line).name for line in extras["optional-dependencies"][extra]
        } | needed_by_the_desk((extra,)).keys()
        assert not needed & (asked | {"protobuf", "opentelemetry-sdk"}), extra


def test_every_page_asset_is_locked_by_its_integrity_and_has_no_address() -> None:
    lock = json.loads((ROOT / "resources/assets/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not [name for name, entry in packages.items() if "resolved" in entry]


def test_the_page_assets_asked_for_are_the_ones_locked() -> None:
    asked = json.loads((ROOT / "resources/assets/package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "resources/assets/package-lock.json").read_text(encoding="utf-8"))
    assert {
        name: lock["packages"][f"node_modules/{name}"]["version"] for name in asked["dependencies"]
    } == asked["dependencies"]
