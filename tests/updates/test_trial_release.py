"""The release of the proof on a bare machine: a desk takes it, and is afterwards as it was."""

import json
from pathlib import Path

from installers.slimming import write_sums
from installers.trial_release import NEXT, TrialRelease
from tests.updates.releases import FILES, PLATFORM


def _desk(folder: Path) -> Path:
    told = {"trafficdesk": "0.2.0", "platform": PLATFORM, "store_schema": 2}
    content = {**FILES, "about/versions.json": json.dumps(told).encode()}
    for name, text in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text)
    write_sums(folder, folder / "about" / "SHA256SUMS")
    return folder


def _all_in(folder: Path) -> dict[str, bytes]:
    found = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def test_the_next_version_is_released_and_the_desk_left_as_it_was(tmp_path: Path) -> None:
    desk = _desk(tmp_path / "desk")
    before = _all_in(desk)
    (tmp_path / "trial").mkdir()
    trial = TrialRelease(tmp_path / "trial")
    trial.found()
    trial.be_trusted_by(desk)
    stick = trial.release_next(desk)
    trial.be_forgotten_by(desk)
    assert _all_in(desk) == before
    assert not (desk / "_internal" / "resources" / "updates").exists()
    (manifest,) = (stick / "targets" / PLATFORM).glob(f"*.{NEXT}.json")
    told = json.loads(manifest.read_bytes())
    assert told["version"] == NEXT
    assert {file["path"] for file in told["files"]} > set(before)
