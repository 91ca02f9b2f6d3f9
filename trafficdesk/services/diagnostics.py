"""A file for whoever mends a desk: what the program is, where it stands, what it met.

It holds only what is named here, one by one: versions, sizes, counts, codes and switches, the
journal, which is made of nothing else, and of crash reports the kinds of error and the places in
the code. So no text that somebody typed, no name of a person or place and no key can be in it.
"""

import platform
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import Connection

from trafficdesk import __version__
from trafficdesk.domain.times import utc_now
from trafficdesk.journal import files_of
from trafficdesk.profile import Profile
from trafficdesk.security import durable_file
from trafficdesk.services import auditing, crash_reports
from trafficdesk.services.session import Session
from trafficdesk.store import outbox_overview, sync_marks
from trafficdesk.store.figures import figures
from trafficdesk.store.upkeep import check
from trafficdesk.updates.places import running_version

_PACKAGES: Final = (
    "PySide6-Essentials",
    "PySide6-Addons",
    "SQLAlchemy",
    "sqlcipher3",
    "cryptography",
    "argon2-cffi",
    "msgspec",
    "requests",
    "websockets",
    "keyring",
)
# Switches and measures of the settings; what a screen remembers may be a search for somebody.
_SETTINGS: Final = (
    "theme",
    "text_percent",
    "density",
    "lock_minutes",
    "alert_sound",
    "workspace",
)

# Lines of a crash report (``qt/excepthook.py``): versions and a time, places in code, errors.
_FACTS: Final = re.compile(r"(TrafficDesk|Linux|Windows|Darwin|\d{4}-\d\d-)[\w .,:+#~-]*")
_FRAME: Final = re.compile(r"  [\w./-]+\.py:\d+ [\w<>]+")
_KIND: Final = re.compile(r"[a-z_][\w.]*\.[A-Z]\w*(?=:)")


def write_diagnostics(profile: Profile, path: Path, session: Session | None = None) -> list[str]:
    """Write the file; with a session it also tells of the store and is noted in the audit chain.

    Returns the names of its parts. Raises ``OSError``.
    """
    if session is not None:
        noted = auditing.Audited("diagnostics.export", "desk", str(session.device_id), path.name)
        auditing.note(session, noted)
    parts = dict(_parts(profile, session))
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    durable_file.write_durably(path, content.getvalue())
    return list(parts)


def _parts(profile: Profile, session: Session | None) -> Iterator[tuple[str, bytes]]:
    yield "about.json", _json(_about())
    yield "profile.json", _json(_files(profile))
    yield "settings.json", _json(_settings(profile))
    yield "policy.json", _json(_policy(profile))
    if session is not None:
        yield "store.json", _json(_store(session))
    for file in files_of(profile.journal):
        yield file.name, file.read_bytes()
    for report in crash_reports.list_crash_reports(profile):
        yield f"crash/{report.path.name}", _places_of(crash_reports.load_crash_report(report.path))


def _places_of(report: str) -> bytes:
    """Return a crash report without what its errors said, however well that was redacted."""
    head, _, body = report.partition("\n\n")
    kept = [line if _FRAME.fullmatch(line) else _kind_of(line) for line in body.splitlines()]
    facts = [line for line in head.splitlines() if _FACTS.fullmatch(line)]
    return "\n".join([*facts, "", *kept]).encode()


def _kind_of(line: str) -> str:
    kind = _KIND.match(line)
    return "" if kind is None else kind[0]


def _json(told: Mapping[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(told), indent=1)


def _about() -> dict[str, Any]:
    return {
        "program": running_version() or __version__,
        "written_at": utc_now(),
        "python": platform.python_version(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "packages": {name: _version_of(name) for name in _PACKAGES},
    }


def _version_of(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:  # a frozen desk keeps no such notes
        return None


def _files(profile: Profile) -> dict[str, Any]:
    """Return how many files lie where in the profile, how large, and the room that is left."""
    places = {
        "database": [profile.database],
        "database_log": [profile.database.with_name(profile.database.name + "-wal")],
        "key_slots": [profile.key_slots],
        "settings": [profile.settings],
        "media": list(profile.media.rglob("*")),
        "packs": list(profile.packs.rglob("*")),
        "crash_reports": list(profile.crash_reports.glob("*.txt")),
    }
    found = {}
    for name, paths in places.items():
        sizes = [path.stat().st_size for path in paths if path.is_file()]
        found[name] = {"files": len(sizes), "bytes": sum(sizes)}
    return {"disk_free_bytes": shutil.disk_usage(profile.folder).free, "places": found}


def _settings(profile: Profile) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(profile.settings.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError) as error:
        return {"unreadable": type(error).__name__}
    return {name: told[name] for name in _SETTINGS if _is_switch(told.get(name))}


def _is_switch(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and value.isidentifier())


def _policy(profile: Profile) -> dict[str, Any]:
    machine = profile.machine
    rules = msgspec.to_builtins(machine.policy)
    if machine.policy.server is not None:  # an address may carry somebody's password
        rules["server"]["address"] = _without_login(machine.policy.server.address)
        rules["server"]["proxy"] = _without_login(machine.policy.server.proxy)
    warned = [each.section for each in machine.warned]
    return {"is_there": machine.is_there, "rules": rules, "passed_over": len(warned)}


def _without_login(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{host}{port}", query="", fragment="").geturl()


def _store(session: Session) -> dict[str, Any]:
    """Return how the store and the sync stand: counts by kind and code."""
    with session.store.reading() as connection:
        waiting = outbox_overview.group_waiting(connection)
        parked = outbox_overview.count_parked(connection)
        sync = _sync(connection)
    return {
        **asdict(figures(session.store)),
        "waiting": [each._asdict() for each in waiting],
        "parked": parked,
        "sync": sync,
        "checks": {str(each.check): each.ok for each in check(session.store)},
    }


def _sync(connection: Connection) -> dict[str, Any]:
    marks = sync_marks.find_marks(connection)
    if marks is None:
        return {"is_joined": False}
    told = msgspec.json.decode(marks, type=_Marks)
    return {
        "is_joined": True,
        "skew_ms": sync_marks.find_skew_ms(connection),
        "cities": [
            {"read_to": seq, "snapshot_at": entity}
            for seq, entity in sync_marks.find_progress(connection)
        ],
        "protocol": told.protocol,
        "server_program": told.server_program,
        "window_from_ms": told.window_from_ms,
        "passed_over": len(told.unread),
    }


class _Marks(msgspec.Struct, frozen=True):
    """What of the sync's marks is no secret and no id."""

    protocol: int = 0
    server_program: str = ""
    window_from_ms: int = 0
    unread: tuple[str, ...] = ()
