"""How a machine stands with its updates, for whoever asks: IT by command, an admin on screen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from trafficdesk.domain.times import from_ms
from trafficdesk.updates.places import Places, find_places, running_folder, version_of
from trafficdesk.updates.state import candidates, load_state

# A repository's word runs out unless it is renewed; so long before there is still time for that.
WARNED_BEFORE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """``runs`` from the next start on; ``package`` is what the package brought.

    ``heard_at`` is None where no repository was ever asked. ``fault`` is the code of what was
    wrong at ``fault_at``, '' if the last answer was good. ``refused`` says why, by version.
    """

    runs: str
    package: str
    previous: str
    newest: str
    refused: dict[str, str]
    heard_at: datetime | None
    expires_at: datetime | None
    fault: str
    fault_at: datetime | None

    def is_running_out(self, now: datetime) -> bool:
        """Tell whether the repository's word has to be renewed, or has run out already."""
        return self.expires_at is not None and self.expires_at - now < WARNED_BEFORE


def find_standing(places: Places) -> Standing:
    """Return how a machine stands; everybody may ask."""
    state = load_state(places)
    return Standing(
        runs=candidates(places, state)[0],
        package=version_of(places.base),
        previous=state.previous,
        newest=state.newest,
        refused=dict(state.refused),
        heard_at=_moment(state.checked_ms),
        expires_at=_moment(state.expires_ms),
        fault=state.fault,
        fault_at=_moment(state.fault_ms),
    )


@dataclass(frozen=True, slots=True)
class Here:
    """The version of this very program, and how its machine stands."""

    version: str
    standing: Standing


def find_here() -> Here | None:
    """Return how this program stands; None where it was not installed as a package."""
    places = find_places()
    if places is None:
        return None
    return Here(version_of(running_folder()), find_standing(places))


def _moment(at_ms: int) -> datetime | None:
    return from_ms(at_ms) if at_ms else None
