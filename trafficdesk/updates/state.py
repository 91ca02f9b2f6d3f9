"""Which version a machine runs: one small file that is either the old or the new one."""

from pathlib import Path
from typing import Final, NamedTuple

from trafficdesk.updates.places import Places, is_owners_alone, program_name, read_json, version_of
from trafficdesk.updates.versions import is_version, order_of

FORMAT: Final = 1


class State(NamedTuple):
    """``current`` is '' for the package's own version; ``refused`` says why, by version.

    ``newest`` and ``expires_ms`` are what was heard at ``checked_ms``; ``fault`` is the code of
    what was wrong then, at ``fault_ms``.
    """

    current: str = ""
    previous: str = ""
    refused: tuple[tuple[str, str], ...] = ()
    newest: str = ""
    checked_ms: int = 0
    expires_ms: int = 0
    fault: str = ""
    fault_ms: int = 0

    def refusing(self, version: str, why: str) -> "State":
        """Return the state in which a version is not taken again by itself."""
        kept = tuple(each for each in self.refused if each[0] != version)
        return self._replace(refused=(*kept, (version, why)))

    def accepting(self, version: str) -> "State":
        """Return the state in which nothing stands against a version."""
        return self._replace(refused=tuple(r for r in self.refused if r[0] != version))

    def why_refused(self, version: str) -> str:
        """Return why a version is not taken, '' if it may be."""
        return dict(self.refused).get(version, "")


def load_state(places: Places) -> State:
    """Return the state; that of a machine without updates where it cannot be understood."""
    told = read_json(places.state)
    if told.get("format") != FORMAT:
        return State()
    refused = told.get("refused")
    pairs = refused.items() if isinstance(refused, dict) else ()
    return State(
        current=_version(told.get("current")),
        previous=_version(told.get("previous")),
        refused=tuple((v, str(why)) for v, why in pairs if _version(v)),
        newest=_version(told.get("newest")),
        checked_ms=_number(told.get("checked_ms")),
        expires_ms=_number(told.get("expires_ms")),
        fault=str(told.get("fault") or ""),
        fault_ms=_number(told.get("fault_ms")),
    )


def save_state(places: Places, state: State) -> None:
    """Put the state in the place of the one before, for everybody to read. Raises ``OSError``."""
    import json

    from trafficdesk.security.durable_file import write_durably

    told = state._asdict() | {
        "format": FORMAT,
        "base": str(places.base),
        "refused": dict(state.refused),
    }
    write_durably(places.state, json.dumps(told, indent=1).encode(), mode=0o644)


def _version(told: object) -> str:
    return told if isinstance(told, str) and is_version(told) else ""


def _number(told: object) -> int:
    return told if isinstance(told, int) else 0


def is_runnable(places: Places, version: str) -> bool:
    """Tell whether a version that came since is there, and nobody but its owner may change it."""
    owner = places.base.stat().st_uid
    tree = places.tree(version)
    program = tree / program_name()
    parts = (places.folder, places.state, places.versions, tree, program)
    return program.is_file() and all(is_owners_alone(part, owner) for part in parts)


def candidates(places: Places, state: State) -> list[str]:
    """Return the versions that may run here, the one to be preferred first, never none.

    A package that was installed since and is newer goes before what came as an update.
    """
    base = version_of(places.base)
    came = [state.current]
    if not state.why_refused(state.previous):
        came.append(state.previous)
    found = [v for v in dict.fromkeys(came) if v and v != base and is_runnable(places, v)]
    newest = bool(found) and bool(base) and order_of(base) > order_of(found[0])
    if newest or not state.current:
        return [base, *found]
    return [*found, base]


def folder_of(places: Places, version: str) -> Path:
    """Return the folder of a version that is among the candidates."""
    return places.base if version == version_of(places.base) else places.tree(version)
