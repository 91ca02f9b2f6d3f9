"""A release made to be tried: the next version of an installed desk, signed with keys of its own.

It is the installed program under a higher number, in a repository as releases are published from,
with two of two people for root and list. Nothing of it is kept, and no desk but that one trusts it.
"""

import json
import os
import shutil
from pathlib import Path

from installers import release
from installers.releasing.errors import ReleaseError
from installers.releasing.payload import ROOT_OF_TRUST
from installers.slimming import write_sums

NEXT = "99.0.0"
_PEOPLE = {"root": ("anna", "bela"), "targets": ("cleo", "dora")}
_ONLINE = "online"
_ROOT = Path("_internal", ROOT_OF_TRUST)


class TrialRelease:
    """A repository in one folder, which a desk can be made to trust."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = folder / "repository"

    def found(self) -> None:
        """Make the keys and the empty repository. Raises ``ReleaseError``."""
        for name in (*_PEOPLE["root"], *_PEOPLE["targets"], _ONLINE):
            _do("make-key", self._key(name), "--unlocked")
        words: list[object] = ["--online", f"{self._key(_ONLINE)}.pub"]
        for role, names in _PEOPLE.items():
            words += [f"--{role}-threshold", len(names)]
            words += [word for name in names for word in (f"--{role}", f"{self._key(name)}.pub")]
        _do("found", self.repository, *words)
        self._sign("root")
        self._publish()

    def be_trusted_by(self, desk: Path) -> None:
        """Have a frozen desk believe this repository, as a build with its root would."""
        place = desk / _ROOT
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.repository / "metadata" / "1.root.json", place)

    def be_forgotten_by(self, desk: Path) -> None:
        """Take that back: no package knows of the file, so none removes it."""
        place = desk / _ROOT
        place.unlink()
        if not any(place.parent.iterdir()):
            place.parent.rmdir()

    def release_next(self, desk: Path) -> Path:
        """Publish an installed desk under the next version; return the folder to carry there.

        Raises:
            ReleaseError: the desk is not whole.
        """
        bundle = self.folder / "next"
        shutil.copytree(desk, bundle, symlinks=True, copy_function=os.link)
        about = bundle / "about"
        told = json.loads((about / "versions.json").read_bytes()) | {"trafficdesk": NEXT}
        for name in ("versions.json", "SHA256SUMS"):
            (about / name).unlink()  # it is the installed desk's own until it is another file
        (about / "versions.json").write_text(json.dumps(told), encoding="utf-8")
        write_sums(bundle, about / "SHA256SUMS")
        _do("add", self.repository, bundle, "--percent", 100, "--level", 1)
        self._publish()
        shutil.rmtree(bundle)
        return self.repository

    def _publish(self) -> None:
        self._sign("targets")
        _do("publish", self.repository, "--key", self._key(_ONLINE))

    def _sign(self, role: str) -> None:
        keys = [word for name in _PEOPLE[role] for word in ("--key", self._key(name))]
        _do("sign", self.repository / "draft" / f"{role}.json", *keys)

    def _key(self, name: str) -> Path:
        return self.folder / name


def _do(*words: object) -> None:
    if release.main([str(word) for word in words]):
        raise ReleaseError(f"The step {words[0]} of the release failed.")
