"""Codes of records and deeds as reports tell them: the English words, and which are known."""

from collections.abc import Mapping
from typing import Final

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import Entity, IncidentType, Service, Step, UnitStatus

# Codes whose own letters say too little.
_WORDS: Final[Mapping[str, str]] = {
    "motorcycle": "Motorcycle crash",
    "truck": "Truck crash",
    "pedestrian": "Pedestrian hit",
    "hazard": "Hazard on the road",
    "other": "Other incident",
    "arrived": "On scene",
}
_UNDO: Final = "undo_"
_SUBJECTS: Final = (
    *("address", "analytics", "audit", "base_map", "bundle", "database", "diagnostics"),
    *("figures", "map", "media", "operation", "position", "server", "session", "sync", "user"),
)
_DEEDS: Final = (
    *("absorb", "acknowledge", "add", "added", "arrive", "assign", "backup", "be_unit", "calm"),
    *("call_for_help", "cancel", "change", "change_password", "changed", "check_in", "clear"),
    *("close_second_look", "correct", "correct_times", "deliver", "disable_keyring", "dispatch"),
    *("draw", "edit", "enable_keyring", "enlist", "ended", "enrolled", "escalate", "export"),
    *("file", "finish", "free", "idle_lock", "import", "import_undo", "issue", "joined"),
    *("lease_ended", "leave_unit", "lock", "make", "merge", "move", "officer_left", "password_set"),
    *("quit", "read", "read_identity", "recovered", "rekey", "remove", "removed", "rename"),
    *("replaced", "reshape", "restored", "retire", "retry", "revoked", "save", "second_approve"),
    *("second_duplicate", "second_reject", "send", "set_duty", "set_out", "set_password"),
    *("settle", "started", "undo", "unlock", "unlocked", "verify", "want_second_look"),
    *("withdraw", "wrong_password", "wrong_tries"),
)
_WEATHER: Final = ("clear", "cloudy", "fog", "rain", "heavy_rain", "storm", "wind", "snow")
# What a code's parts may be. What is not among them is told by its own letters.
KNOWN: Final[frozenset[str]] = frozenset(
    (
        *(*IncidentType, *Service, *Step, *UnitStatus, *Entity, *Move),
        *(*_SUBJECTS, *_DEEDS, *_WEATHER),
    )
)


def plain_code(part: str) -> str:
    """Return a part of a code as English words."""
    plain = _WORDS.get(part) or part.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def parts_of_code(code: str) -> list[str]:
    """Return a code's parts as English words, what was undone apart: ``report.undo_approve``."""
    parts = []
    for part in code.split("."):
        is_undone = part.startswith(_UNDO) and part != _UNDO
        parts += ["undo", part.removeprefix(_UNDO)] if is_undone else [part]
    return [plain_code(part) for part in parts]
