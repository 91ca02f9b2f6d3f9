"""A machine with small versions of the desk: real programs that come up, die, change the store."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trafficdesk.updates.places import Places
from trafficdesk.updates.state import State, save_state

ROOT = Path(__file__).parent.parent.parent
BASE = "1.0.0"
# What a version does once it runs: its file ``acts`` has a word for each step.
_PROGRAM = """#!{python} -IS
import json, os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from trafficdesk.updates import launching
from trafficdesk.updates.launched import find_launched
from trafficdesk.updates.places import Places
here = Path(__file__).parent
launching.launch(Places(Path({folder!r}), Path({base!r})), here)
from trafficdesk.updates.trying import find_running_trial
profile = Path(os.environ["TRAFFICDESK_HOME"])
trial = find_running_trial(profile)
launched = find_launched()
version = json.loads((here / "about" / "versions.json").read_text())["trafficdesk"]
answer = dict(ran=version, trial=trial is not None and trial.is_on, argv=sys.argv[1:],
              user=os.getuid(), home=str(profile), note=trial.note if trial else "",
              launched=launched is not None)
for act in (here / "acts").read_text().split():
    if act == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif act == "unsound":
        print(json.dumps(dict(tests=[dict(name="web engine", ok=False)])))
        sys.exit(5)
    elif act == "hold":
        print(json.dumps(answer), flush=True)
        sys.stdin.readline()
    elif trial is None or not trial.is_on:
        continue
    elif act == "migrate":
        trial.keep_store()
        (profile / "desk.db").write_text("the store of " + version)
        (profile / "desk.db-wal").write_text("its log")
    elif act == "work":
        trial.work()
    elif act == "prove":
        trial.prove()
    else:
        trial.reach(act)
print(json.dumps(answer))
"""


@dataclass(frozen=True)
class StandIns:
    """A machine of its own below a folder: ``base`` was installed by a package."""

    folder: Path

    @property
    def places(self) -> Places:
        return Places(self.folder / "updates", self.folder / "package")

    @property
    def profile(self) -> Path:
        return self.folder / "profile"

    def make(self, version: str, acts: str, tree: Path | None = None) -> Path:
        """Lay out a version; ``acts`` says what it does when it runs."""
        tree = tree or self.places.tree(version)
        for folder in (tree, tree / "about"):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o755)
        program = tree / "trafficdesk"
        program.write_text(
            _PROGRAM.format(
                python=sys.executable,
                root=str(ROOT),
                folder=str(self.places.folder),
                base=str(self.places.base),
            )
        )
        program.chmod(0o755)
        (tree / "acts").write_text(acts)
        (tree / "about" / "versions.json").write_text(json.dumps({"trafficdesk": version}))
        return tree

    def prepare(self, acts: str = "waiting opening prove") -> None:
        """Install the package, and give the profile a store."""
        for folder in (self.places.folder, self.places.versions, self.profile):
            folder.mkdir(parents=True)
            folder.chmod(0o755)
        self.make(BASE, acts, self.places.base)
        (self.profile / "desk.db").write_text("the store")
        (self.profile / "audit.anchor").write_text("the head")

    def switch(self, current: str, previous: str = "") -> None:
        save_state(self.places, State(current=current, previous=previous))

    def begin(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Start the package's program, as a menu does."""
        return subprocess.Popen(
            [str(self.places.base / "trafficdesk"), *words],
            env={"TRAFFICDESK_HOME": str(self.profile), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, *words: str, **environment: str) -> dict[str, Any]:
        """Start it and return what the version that ran said; nothing where it died."""
        out, err = self.begin(*words, **environment).communicate(timeout=60)
        assert not err, err
        told: dict[str, Any] = json.loads(out) if out else {}
        return told

    def store(self) -> str:
        return (self.profile / "desk.db").read_text()

    def trial(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.profile / "update.json").read_text())
        return told
