"""One desk: the folder of its store, key slots, media and packs, and its machine's policy."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from trafficdesk.home import profile_folder
from trafficdesk.policy.machine import find_machine_policy
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import Policy


@dataclass(frozen=True, slots=True)
class Profile:
    """The paths of one profile folder, and what IT has decided for every desk of the machine."""

    folder: Path
    machine: MachinePolicy = field(default_factory=MachinePolicy, compare=False)

    @classmethod
    def from_environment(cls) -> "Profile":
        """Return the profile that ``TRAFFICDESK_HOME`` names, else the user's own.

        Raises:
            PolicyError: this machine has a policy that cannot be followed.
        """
        return cls(profile_folder(), find_machine_policy())

    def at(self, folder: Path) -> "Profile":
        """Return a profile of the same machine in another folder."""
        return replace(self, folder=folder)

    @property
    def policy(self) -> Policy:
        """What IT has decided; where it has not, what holds anyhow."""
        return self.machine.policy

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
    def pack_folders(self) -> tuple[Path, ...]:
        """Where packs are looked for: this profile's own, then what IT laid on the machine."""
        shared = self.policy.base_maps
        return (self.packs,) if shared is None else (self.packs, Path(shared.folder))

    @property
    def settings(self) -> Path:
        """Settings without secrets: theme, keys, window, last pack."""
        return self.folder / "settings.json"

    @property
    def mail(self) -> Path:
        """The mail server that reports go by, where IT has named none; no password."""
        return self.folder / "mail.json"

    @property
    def untold(self) -> Path:
        """Numbers of reports whose decision was not written while the desk was locked."""
        return self.folder / "untold.json"

    @property
    def crash_reports(self) -> Path:
        """What the desk wrote down when it met a bug; no personal data, one text file each."""
        return self.folder / "crash"

    @property
    def journal(self) -> Path:
        """What the desk did and met, in codes and numbers; older files have a number behind."""
        return self.folder / "journal.log"

    @property
    def for_it(self) -> Path:
        """What a revoked desk leaves for station IT, sealed to their key."""
        return self.folder / "for-it"

    @property
    def instance_lock(self) -> Path:
        """Held by the one desk that has this profile open."""
        return self.folder / "desk.lock"
