"""Proves the deb on a bare Debian: ``sudo .venv/bin/python -m installers.clean_machine DEB``.

A fresh root gets the package with nothing but what it depends on. In it an ordinary user, without
a network and with Chromium's sandbox on, tries the machine and takes the tour; then the package is
upgraded over a profile whose outbox is full and the older one is refused, a newer version is
applied from a stick and rolled back, and the package is purged. Takes about five minutes; needs
root and debootstrap. Where packages come from is read from this machine's own sources.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from installers.bare_root import BareRoot, CleanMachineError, make_root
from installers.releasing.errors import ReleaseError
from installers.trial_release import NEXT, TrialRelease
from sync_server.programs import run
from trafficdesk.domain.demo.people import PASSWORD

ROWS = 2_000
_LEAST_PICTURES = 20
_LEAST_MODULES = 500
_OFFICER = ("--officer", "nallathambi", "--password-file", "/srv/officer/pw", "--json")
_POLICY = "etc/trafficdesk/policies.json"
_PLACE = "usr/lib/trafficdesk"
_UPDATES = "var/lib/trafficdesk"


class Proof:
    """What was seen, step by step; each ends the proof if it is not what it has to be."""

    def __init__(self, root: BareRoot) -> None:
        self.root = root
        self._since = time.monotonic()

    def say(self, words: str) -> None:
        """Tell a step that is done, and how long it took."""
        now = time.monotonic()
        sys.stdout.write(f"{now - self._since:6.1f} s  {words}\n")
        sys.stdout.flush()
        self._since = now

    def require(self, words: str, *, holds: bool) -> None:
        """Tell what holds, or end.

        Raises:
            CleanMachineError: it does not hold.
        """
        if not holds:
            raise CleanMachineError(f"Not so: {words}")
        self.say(words)

    def desk(self, *words: str) -> dict[str, Any]:
        """Run a command of the desk as its officer and return what it answers in JSON."""
        told: dict[str, Any] = json.loads(self.root.as_officer("trafficdesk", *words))
        return told

    def install(self, deb: Path) -> None:
        """Install or upgrade with only what the package depends on."""
        self.root.apt("install", "--no-install-recommends", f"/{self.root.bring(deb).name}")

    def refuse_to_go_back(self, previous: Path) -> None:
        """An older package is not laid over a newer one, and nothing is touched."""
        before, profile = self.version(), self.root.fingerprint_of_profile()
        named = f"/{self.root.bring(previous).name}"
        refused = self.root.is_refused_by_apt("install", "--no-install-recommends", named)
        untouched = self.version() == before and self.root.fingerprint_of_profile() == profile
        self.require(f"{previous.name} over it is refused", holds=refused and untouched)

    def selftest(self) -> None:
        """Every line of the self-test is fine."""
        tests = self.desk("selftest", "--json")["tests"]
        for test in tests:
            self.require(f"selftest: {test['name']}: {test['seen']}", holds=test["ok"])

    def load_everything(self) -> None:
        """Every module of the program finds what it imports."""
        loaded = int(self.root.as_officer("trafficdesk", "selftest", "--only", "modules"))
        self.require(f"all {loaded} modules can be loaded", holds=loaded > _LEAST_MODULES)

    def version(self) -> str:
        """Return the version that an officer's desk runs."""
        return self.root.as_officer("trafficdesk", "--version").split()[-1]

    def tour(self, folder: str) -> None:
        """The tour takes all its pictures."""
        self.root.as_officer("trafficdesk", "tour", folder)
        pictures = list((self.root.folder / folder.lstrip("/")).glob("*.png"))
        self.require(
            f"the tour left {len(pictures)} pictures", holds=len(pictures) > _LEAST_PICTURES
        )

    def fill_outbox(self) -> int:
        """Import rows whose operations wait for a server that never comes; return how many wait."""
        lines = [
            "longitude,latitude,time,violation,severity,vehicle,plate,street,landmark,area,remarks"
        ]
        for number in range(ROWS):
            lon, lat = 76.93 + number % 50 / 1000, 10.99 + number // 50 / 1000
            minute = f"2026-03-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}"
            lines.append(f"{lon:.4f},{lat:.4f},{minute},no helmet,low,moto,,,,,")
        self.root.write_as_officer("rows.csv", "\n".join(lines) + "\n")
        self.root.as_officer(
            "trafficdesk", "import", "/srv/officer/rows.csv", "--mapping", "reports", *_OFFICER
        )
        return self.waiting()

    def waiting(self) -> int:
        """Return how many operations wait to be sent."""
        return int(self.desk("store", "stats", *_OFFICER)["waiting_operations"])

    def is_sound(self) -> bool:
        """Tell whether the store and the audit chain are whole."""
        return bool(
            self.desk("store", "check", *_OFFICER)["ok"]
            and self.desk("audit", "verify", *_OFFICER)["ok"]
        )


def prove(root: BareRoot, deb: Path, previous: Path, trial: TrialRelease) -> None:
    """Install the previous package, use it, upgrade, use that, update it, remove it."""
    proof = Proof(root)
    proof.install(previous)
    proof.say(f"{previous.name} is installed and takes {_megabytes(root)} MB")
    proof.selftest()
    root.write_as_officer("pw", PASSWORD + "\n")
    root.as_officer("trafficdesk", "demo")
    proof.say("a demo city is made")
    waiting = proof.fill_outbox()
    proof.require(f"{waiting} operations wait to be sent", holds=waiting >= ROWS)
    _upgrade(proof, deb, previous, waiting)
    _update(proof, trial, waiting)
    _remove(proof)


def _megabytes(root: BareRoot) -> int:
    size = run("du", "--summarize", "--bytes", str(root.folder / _PLACE)).out.split()[0]
    return round(int(size) / 1e6)


def _upgrade(proof: Proof, deb: Path, previous: Path, waiting: int) -> None:
    root = proof.root
    policy = root.folder / _POLICY
    policy.write_text("{}\n", encoding="utf-8")
    before = root.fingerprint_of_profile()
    proof.install(deb)
    proof.say(f"upgraded to {proof.version()} ({deb.name}), which takes {_megabytes(root)} MB")
    proof.require("the upgrade touched no profile", holds=root.fingerprint_of_profile() == before)
    gone = not (root.folder / "usr/lib/trafficdesk/about/previous").exists()
    proof.require("what only the previous one had is gone", holds=gone)
    proof.require(f"all {waiting} operations still wait", holds=proof.waiting() == waiting)
    proof.require("store and audit chain are whole", holds=proof.is_sound())
    proof.refuse_to_go_back(previous)
    proof.selftest()
    proof.load_everything()
    proof.tour("/srv/officer/tour")


def _update(proof: Proof, trial: TrialRelease, waiting: int) -> None:
    """Apply the next version from a stick, as the timer of a machine would, and go back."""
    root, before = proof.root, proof.version()
    desk = root.folder / _PLACE
    trial.found()
    trial.be_trusted_by(desk)
    shutil.copytree(trial.release_next(desk), root.folder / "stick")
    proof.say(f"{before} is released again as {NEXT}")
    profile = root.fingerprint_of_profile()
    root.as_root("trafficdesk", "update", "apply", "--from", "/stick", "--json")
    proof.require("the update touched no profile", holds=root.fingerprint_of_profile() == profile)
    proof.require(f"{NEXT} passed its self-test and runs", holds=proof.version() == NEXT)
    proof.require(f"all {waiting} operations still wait", holds=proof.waiting() == waiting)
    proof.require("store and audit chain are whole", holds=proof.is_sound())
    root.as_root("trafficdesk", "update", "rollback")
    proof.require(f"{before} runs after the rollback", holds=proof.version() == before)
    proof.require(f"all {waiting} operations wait there, too", holds=proof.waiting() == waiting)
    trial.be_forgotten_by(desk)


def _remove(proof: Proof) -> None:
    root = proof.root
    before = root.fingerprint_of_profile()
    root.apt("purge", "trafficdesk")
    left = [p for p in (_PLACE, "usr/bin/trafficdesk", _UPDATES) if (root.folder / p).exists()]
    proof.require("nothing of the program or its updates is left", holds=not left)
    proof.require("the policy of IT is left", holds=(root.folder / _POLICY).exists())
    untouched = root.fingerprint_of_profile() == before
    proof.require("the officers' profiles are left as they were", holds=untouched)


def make_previous(deb: Path, folder: Path) -> Path:
    """Return the same package as version 0.0.0, with one file more: a stand-in for an older one.

    It proves what packages do at an upgrade. That an older store opens is proved by the fixtures
    of every schema; give an older package with ``--previous`` to have both at once.
    """
    tree = folder / "previous"
    run("dpkg-deb", "--raw-extract", str(deb), str(tree))
    control = tree / "DEBIAN" / "control"
    lines = control.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = ("Version: 0.0.0\n" if line.startswith("Version:") else line for line in lines)
    control.write_text("".join(changed), encoding="utf-8")
    (tree / "usr/lib/trafficdesk/about/previous").write_text("", encoding="utf-8")
    made = folder / "trafficdesk_0.0.0.deb"
    ended = run("dpkg-deb", "--build", "-Znone", str(tree), str(made))
    if ended.code:
        raise CleanMachineError(f"The stand-in for the previous package: {ended.err}")
    shutil.rmtree(tree)
    return made


@contextmanager
def _working_folder(named: Path | None) -> Iterator[Path]:
    if named is not None:
        named.mkdir(parents=True, exist_ok=True)
        yield named.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="trafficdesk-clean-") as folder:
        yield Path(folder)


def main() -> int:
    """Prove it, and return the exit code."""
    parser = argparse.ArgumentParser(description="Prove the deb on a bare Debian 12.")
    parser.add_argument("deb", type=Path)
    parser.add_argument("--previous", type=Path, help="an older package to upgrade from")
    parser.add_argument("--work", type=Path, help="keep the bare root there for the next time")
    given = parser.parse_args()
    if os.geteuid() != 0:
        sys.stderr.write("Only root can make a root.\n")
        return 1
    try:
        with _working_folder(given.work) as folder:
            deb = given.deb.resolve()
            previous = given.previous.resolve() if given.previous else make_previous(deb, folder)
            root = make_root(folder)
            with tempfile.TemporaryDirectory(dir=folder) as releases:
                prove(root, deb, previous, TrialRelease(Path(releases)))
            shutil.rmtree(root.folder)
    except (CleanMachineError, ReleaseError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("The package serves on a bare machine.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
