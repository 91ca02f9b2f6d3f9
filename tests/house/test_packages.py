"""A package says which source it is made from, what it holds, and is the same made twice."""

import json
import struct
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from installers import source
from installers.bundle import BUILD, BundleError
from installers.materials import Part, write_sbom
from installers.needed import modules_of_others, needed_by_the_desk
from installers.slimming import date, is_loadable, strip, write_sums
from installers.source import Version, source_date, source_version
from installers.tarballs import Tarball, fetched
from sync_server.programs import run
from trafficdesk import __version__

AT = int(datetime(2026, 11, 22, 17, 45, tzinfo=UTC).timestamp())


def test_a_version_on_the_way_comes_before_its_release() -> None:
    early, late = Version("0.2.0", "dev20261122174500"), Version("0.2.0", "dev20261123080000")
    ordered = ["0.1.9", str(early), str(late), str(Version("0.2.0")), "0.2.1"]
    for lower, higher in pairwise(ordered):
        assert run("dpkg", "--compare-versions", lower, "lt", higher).code == 0
    assert early.numbers == "0.2.0.7841"
    assert [v.numbers for v in (late, Version("0.2.0"))] == ["0.2.0.7856", "0.2.0.65535"]


def test_the_version_is_that_of_the_program_and_its_date_that_of_the_source(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(source, "_git", lambda *_: "")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(AT))
    assert str(source_version()) == f"{__version__}~dev20261122174500"
    monkeypatch.setattr(source, "_git", lambda *_: f"v{__version__}")
    assert str(source_version()) == __version__
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    monkeypatch.setattr(source, "_git", lambda *_: str(AT))
    assert source_date() == AT


def test_what_lies_here_for_tests_and_servers_is_none_of_the_desks() -> None:
    needed, others = needed_by_the_desk(), modules_of_others()
    assert {"pyside6-addons", "pyserial", "sqlcipher3", "msgspec"} <= needed.keys()
    assert not {canonicalize_name(name) for name in others} & needed.keys()
    assert {"pytest", "fastapi", "psycopg", "mypy"} <= set(others)
    assert not {"PySide6", "serial", "numpy", "trafficdesk"} & set(others)


def test_a_bill_of_materials_names_each_part_and_is_the_same_made_twice(tmp_path: Path) -> None:
    parts = [
        Part("pypi", "folium", "0.20.0", "MIT"),
        Part("npm", "@mapbox/vector-tile", "2.0.5", "BSD-3-Clause"),
        Part("deb", "libgeos3.11.1", "3.11.1-1", "", "geos"),
    ]
    for name, order in (("one", parts), ("two", parts[::-1])):
        write_sbom(tmp_path / name, order, AT)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    told = json.loads((tmp_path / "one").read_text(encoding="utf-8"))
    assert {c["purl"] for c in told["components"]} == {
        "pkg:pypi/folium@0.20.0",
        "pkg:npm/%40mapbox/vector-tile@2.0.5",
        "pkg:deb/debian/libgeos3.11.1@3.11.1-1?upstream=geos",
    }
    assert told["metadata"]["timestamp"] == "2026-11-22T17:45:00+00:00"
    assert "localhost" not in str(told)


def test_files_are_dated_by_the_source_and_their_sums_can_be_checked(tmp_path: Path) -> None:
    bundle = tmp_path / "trafficdesk"
    (bundle / "in").mkdir(parents=True)
    (bundle / "in" / "one").write_text("1", encoding="ascii")
    (bundle / "link").symlink_to("in/one")
    write_sums(bundle, tmp_path / "SHA256SUMS")
    date(bundle, AT)
    assert {int(path.stat().st_mtime) for path in bundle.rglob("*")} == {AT}
    sums = (tmp_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert [line.split("  ")[1] for line in sums] == ["in/one"]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A small library in a bundle, with its symbols."""
    BUILD.mkdir(parents=True, exist_ok=True)
    source = tmp_path / "small.c"
    source.write_text("static int kept = 1; int answer(void) { return kept; }", encoding="ascii")
    made = tmp_path / "bundle" / "libsmall.so.1"
    made.parent.mkdir()
    assert run("cc", "-shared", "-g", "-nostdlib", "-o", str(made), str(source)).code == 0
    return made


def test_a_stripped_library_loads_and_has_what_it_gives_to_others(library: Path) -> None:
    before = library.stat().st_size
    strip(library.parent)
    assert library.stat().st_size < before
    assert is_loadable(library.read_bytes())
    assert "answer" in run("nm", "-D", str(library)).out


def test_a_library_with_a_misplaced_segment_is_not_taken(library: Path) -> None:
    whole = library.read_bytes()
    assert is_loadable(whole)
    (table,) = struct.unpack_from("<Q", whole, 0x20)
    moved = bytearray(whole)
    moved[table + 8] ^= 0x10  # the offset of the first segment
    assert not is_loadable(bytes(moved))


def test_a_tarball_is_taken_for_its_sum_alone(tmp_path: Path) -> None:
    content = b"the source"
    tarball = Tarball("small", "1.0", "1.0-1", "nowhere", sha256(content).hexdigest(), "MIT")
    (tmp_path / tarball.name).write_bytes(content)
    assert fetched(tarball, tmp_path).read_bytes() == content
    (tmp_path / tarball.name).write_bytes(b"another")
    with pytest.raises(BundleError, match="another than expected"):
        fetched(tarball, tmp_path)
