"""One desk's folder: where its store, key slots, media and packs lie."""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

HOME_VARIABLE = "TRAFFICDESK_HOME"


@dataclass(frozen=True, slots=True)
class Profile:
    """The paths of one profile folder."""

    folder: Path

    @classmethod
    def from_environment(cls) -> "Profile":
        """Return the profile that ``TRAFFICDESK_HOME`` names, else the user's own."""
        named = os.environ.get(HOME_VARIABLE)
        return cls(
            Path(named).expanduser() if named else user_data_path("TrafficDesk", appauthor=False)
        )

    @property
    def database(self) -> Path:
        """The encrypted SpatiaLite file."""
        return self.folder / "desk.db"

    @property
    def key_slots(self) -> Path:
        """The wrapped keys, one slot per way to open the desk."""
        return self.folder / "keyslots.json"

    @property
    def tries(self) -> Path:
        """Wrong tries and lock-outs, counted beside the slots."""
        return self.folder / "tries.json"

    @property
    def device(self) -> Path:
        """This desk's id and signing key, sealed."""
        return self.folder / "device.json"

    @property
    def coming_device(self) -> Path:
        """The device that the desk is to be once it is enrolled anew, sealed."""
        return self.folder / "device.coming.json"

    @property
    def audit_anchor(self) -> Path:
        """The audit chain's last known head, sealed."""
        return self.folder / "audit.anchor"

    @property
    def founding(self) -> Path:
        """Where a new desk is made before it exists; left by a kill, it may be removed."""
        return self.folder / "founding"

    @property
    def founded(self) -> Path:
        """A new desk on its way to its place; left by a kill, it must be brought there."""
        return self.folder / "founded"

    @property
    def media(self) -> Path:
        """Sealed photos and videos, named by their SHA-256."""
        return self.folder / "media"

    @property
    def packs(self) -> Path:
        """Imported and built base-map packs, one folder each."""
        return self.folder / "packs"

    @property
    def settings(self) -> Path:
        """Settings without secrets: theme, keys, window, last pack."""
        return self.folder / "settings.json"

    @property
    def untold(self) -> Path:
        """Numbers of reports whose decision was not written while the desk was locked."""
        return self.folder / "untold.json"

    @property
    def crash_reports(self) -> Path:
        """What the desk wrote down when it met a bug; no personal data, one text file each."""
        return self.folder / "crash"

    @property
    def for_it(self) -> Path:
        """What a revoked desk leaves for station IT, sealed to their key."""
        return self.folder / "for-it"

    @property
    def instance_lock(self) -> Path:
        """Held by the one desk that has this profile open."""
        return self.folder / "desk.lock"
