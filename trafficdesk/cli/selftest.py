"""``trafficdesk selftest``: does this machine have everything the desk needs?"""

import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from trafficdesk.cli.answers import answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson
from trafficdesk.programs import run_apart
from trafficdesk.shipped import shipped

ENGINE_TIMEOUT_S = 60
# Coimbatore in degrees (EPSG:4326) and in metres of UTM 43 north (EPSG:32643).
_DEGREES, _METRES = (76.9558, 11.0168), (713_685.73, 1_218_534.17)
_ASSETS = (
    ("vendor", "leaflet", "leaflet.js"),
    ("vendor", "leaflet-draw", "leaflet.draw.js"),
    ("vendor", "protomaps-leaflet", "protomaps-leaflet.js"),
    ("vendor", "world-atlas", "countries-50m.json"),
    ("vendor", "icons", "map.svg"),
    ("basemaps", "coimbatore", "tiles.pmtiles"),
)
_FETCH = "Set the program up again (./run --setup-only), or reinstall it."


@dataclass(frozen=True, slots=True)
class Tested:
    """One line: what was tried, whether it works, what was seen, and what to do if not."""

    name: str
    ok: bool
    seen: str = ""
    to_do: str = ""


def selftest(
    as_json: AsJson = False,
    only: Annotated[str, typer.Option("--only", hidden=True)] = "",
) -> None:
    """Try what the desk needs of this machine: encryption, SpatiaLite, fonts, web engine."""
    if only:
        raise typer.Exit(_run_apart(only))
    with answering(as_json) as answer:
        tested = []
        for one in _run_all():
            tested.append(one)
            answer.say(f"{'ok    ' if one.ok else 'failed'}  {one.name}: {one.seen}")
            if not one.ok:
                answer.say(f"        {one.to_do}")
        answer.tell(tests=[asdict(one) for one in tested])
        if not all(one.ok for one in tested):
            answer.leave = Exit.UNSOUND


def _run_apart(only: str) -> Exit:
    """Run one test that needs Qt, in the process that was started for it."""
    if only in {"parts", "modules"}:
        return _run_parts(only)
    from trafficdesk.qt.engine_check import engine_works, missing_letters

    if only == "engine":
        return Exit.DONE if engine_works() else Exit.UNSOUND
    missing = missing_letters()
    for name, letters in missing.items():
        typer.echo(f"{name} cannot show {letters}", err=True)
    return Exit.UNSOUND if missing else Exit.DONE


def _run_parts(only: str) -> Exit:
    from trafficdesk.cli.late_parts import load_modules, try_parts

    if only == "parts":
        typer.echo(try_parts())
        return Exit.DONE
    loaded, lacking = load_modules()
    typer.echo(loaded)
    for one in lacking:
        typer.echo(one, err=True)
    return Exit.UNSOUND if lacking else Exit.DONE


def _run_all() -> Iterator[Tested]:
    tries: tuple[tuple[str, Callable[[], str], str], ...] = (
        ("encryption", _encryption, "Reinstall the program: its SQLite library has no cipher."),
        ("SpatiaLite", _spatialite, "apt install libsqlite3-mod-spatialite"),
        ("known answers", _known_answers, "Reinstall the program: its cryptography is wrong."),
        ("password hashing", _argon2, "Close other programs: hashing needs memory."),
        ("fonts", _fonts, _FETCH),
        ("map and icons", _assets, _FETCH),
        ("parts", _parts, "Reinstall the program: it lacks a part."),
        ("web engine", _engine, _engine_advice()),
    )
    for name, attempt, to_do in tries:
        try:
            yield Tested(name, ok=True, seen=attempt())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this test's outcome
            yield Tested(name, ok=False, seen=str(error), to_do=to_do)


class _FailedError(Exception):
    """Something is not as it has to be."""


def _encryption() -> str:
    from trafficdesk.store.connection import looks_plain
    from trafficdesk.store.driver import dbapi2

    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "probe.db"
        connection = dbapi2.connect(str(database))
        try:
            connection.execute(f"PRAGMA key = \"x'{os.urandom(32).hex()}'\"")
            version = connection.execute("PRAGMA cipher_version").fetchone()
            connection.execute("CREATE TABLE probe (n)")
            connection.commit()
        finally:
            connection.close()
        if not version or looks_plain(database):
            raise _FailedError("the database would be written in the clear")
        header = database.read_bytes()[:16]
    return f"SQLCipher {version[0]}; a database starts with {header[:4].hex()}…"


def _spatialite() -> str:
    from trafficdesk.store.connection import connect

    with tempfile.TemporaryDirectory() as folder:
        connection = connect(Path(folder) / "probe.db", os.urandom(32).hex())
        try:
            version = connection.execute("SELECT spatialite_version()").fetchone()[0]
            connection.execute("SELECT InitSpatialMetadata(1, 'WGS84')")
            place = connection.execute(
                "SELECT ST_X(at), ST_Y(at) "
                "FROM (SELECT ST_Transform(MakePoint(?, ?, 4326), 32643) AS at)",
                _DEGREES,
            ).fetchone()
        finally:
            connection.close()
    if None in place or math.dist(place, _METRES) > 1:
        raise _FailedError(f"a place is turned into metres wrongly: {place}")
    return f"{version}; a place is turned into metres"


def _known_answers() -> str:
    from trafficdesk.security.known_answers import known_answers

    answers = known_answers()
    wrong = [name for name, right in answers.items() if not right]
    if wrong:
        raise _FailedError(f"wrong: {', '.join(wrong)}")
    return ", ".join(answers)


def _argon2() -> str:
    from trafficdesk.security.password_kdf import SALT_BYTES, derive_from_password, tune

    cost = tune()
    started = time.monotonic()
    derive_from_password("probe", bytes(SALT_BYTES), cost)
    return f"{time.monotonic() - started:.2f} s with {cost.memory_kib // 1024} MiB"


def _fonts() -> str:
    _try_apart("fonts")
    return "Latin, Tamil and Devanagari letters can be shown"


def _assets() -> str:
    return _present(list(_ASSETS))


def _present(files: list[tuple[str, ...]]) -> str:
    missing = ["/".join(parts) for parts in files if not shipped(*parts).is_file()]
    if missing:
        raise _FailedError(f"missing: {', '.join(missing)}")
    return f"{len(files)} of {len(files)} files are there"


def _parts() -> str:
    return f"{_try_apart('parts').strip()} work"


def _engine() -> str:
    started = time.monotonic()
    _try_apart("engine")
    return f"ran and painted a page in {time.monotonic() - started:.1f} s"


def _try_apart(name: str) -> str:
    """Run a test in a process of its own and return what it says; a crash is an answer, too."""
    start = (
        [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "trafficdesk"]
    )
    done = run_apart(
        [*start, "selftest", "--only", name],
        os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"},
        timeout_s=ENGINE_TIMEOUT_S,
    )
    if done.code != 0:
        said = done.err.strip().splitlines()
        raise _FailedError(said[-1] if said else f"it ended with {done.code}")
    return done.out


def _engine_advice() -> str:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return (
            "As root it needs QTWEBENGINE_CHROMIUM_FLAGS=--no-sandbox; better run the desk as an "
            "ordinary user. Missing libraries: ./run --setup-only"
        )
    return "Install the libraries it names (./run --setup-only), then try again."
