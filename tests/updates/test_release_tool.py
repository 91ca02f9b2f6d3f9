"""The release tool publishes what desks can take and people have signed, and says what it lacks."""

import json
import shutil
from pathlib import Path

import pytest

from installers import release
from installers.page_assets import ROOT
from tests.updates.releases import FILES, PLATFORM, Desk, Releases


def said(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Return why a step was refused."""
    capsys.readouterr()
    assert release.main([str(word) for word in words]) == 1
    return capsys.readouterr().err


def test_a_desk_that_would_believe_no_update_is_not_released(
    releases: Releases, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = releases.bundle("0.2.0")
    root = bundle / "_internal" / "resources" / "updates" / "root.json"
    root.write_bytes(root.read_bytes().replace(b"root", b"loot", 1))
    add = ("add", releases.repository, bundle, "--percent", 1)
    assert "is not as it was built" in said(capsys, *add)
    releases.bundle("0.2.0")
    root.write_bytes(b"{}")
    (bundle / "about" / "SHA256SUMS").write_text("", encoding="utf-8")
    assert "none of this repository's" in said(capsys, *add)
    root.unlink()
    assert "has no resources/updates/root.json" in said(capsys, *add)


def test_a_folder_that_is_no_frozen_desk_is_not_released(
    releases: Releases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add = ("add", releases.repository, tmp_path, "--percent", 1)
    assert "run build_spec.py first" in said(capsys, *add)


def test_a_number_stands_for_its_bytes(
    releases: Releases, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = releases.bundle("0.1.0", {**FILES, "trafficdesk": b"other bytes"})
    add = ("add", releases.repository, bundle, "--percent", 1)
    assert "give it another number" in said(capsys, *add)


def test_what_is_published_is_valid_for_a_season_at_least(
    releases: Releases, capsys: pytest.CaptureFixture[str]
) -> None:
    key = releases.key("online")
    publish = ("publish", releases.repository, "--key", key, "--days", 89)
    assert "90 days at least" in said(capsys, *publish)


def test_nothing_is_published_by_another_key_than_the_online_one(
    releases: Releases, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted((releases.repository / "metadata").iterdir())
    told = said(capsys, "publish", releases.repository, "--key", releases.key("t1"))
    assert "snapshot lacks 1 signature(s)" in told
    assert sorted((releases.repository / "metadata").iterdir()) == before


def test_a_change_of_a_draft_takes_its_signatures_away(
    releases: Releases, capsys: pytest.CaptureFixture[str]
) -> None:
    releases.add(releases.bundle("0.2.0"), percent=1)
    releases.sign("targets", "t1", "t2")
    name = f"{PLATFORM}/0.2.0"
    assert not release.main(["offer", str(releases.repository), name, "--percent", "100"])
    assert json.loads(releases.draft("targets").read_bytes())["signatures"] == []
    told = said(capsys, "publish", releases.repository, "--key", releases.key("online"))
    assert "targets lacks 2 signature(s)" in told


def test_who_signs_sees_what_and_may_do_so_elsewhere(
    releases: Releases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    releases.add(releases.bundle("0.2.0"), percent=5, channel="pilot")
    elsewhere = Path(shutil.copy(releases.draft("targets"), tmp_path / "targets.json"))
    capsys.readouterr()
    for name in ("t1", "t2"):
        assert not release.main(["sign", str(elsewhere), "--key", str(releases.key(name))])
    told = capsys.readouterr().out
    assert f"{PLATFORM}/0.2.0: pilot, 5 %, manifest " in told
    shutil.copy(elsewhere, releases.draft("targets"))
    releases.publish()
    assert Desk(releases, channel="pilot").look(releases.repository)


def test_a_key_is_locked_and_never_written_over(
    releases: Releases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tmp_path / "passphrase"
    words.write_text("lamp-river-42\n", encoding="utf-8")
    key = tmp_path / "key"
    make = ("make-key", key, "--passphrase-file", words)
    assert not release.main([str(word) for word in make])
    assert key.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED" in key.read_bytes()
    assert "cannot be written" in said(capsys, *make)
    releases.add(releases.bundle("0.2.0"))
    sign = ("sign", releases.draft("targets"), "--key", key, "--passphrase-file", words)
    assert not release.main([str(word) for word in sign])
    words.write_text("river-lamp-43", encoding="utf-8")
    assert "the passphrase is another" in said(capsys, *sign)
    words.write_text("", encoding="utf-8")
    unlocked = ("make-key", tmp_path / "bare", "--passphrase-file", words)
    assert "needs a passphrase" in said(capsys, *unlocked)


def test_a_repository_lives_for_longer_by_publishing_alone(releases: Releases) -> None:
    desk = Desk(releases)
    before = desk.look(releases.repository)
    key = str(releases.key("online"))
    words = ["publish", str(releases.repository), "--key", key, "--days", "400"]
    assert not release.main(words)
    after = desk.look(releases.repository)
    assert before is not None
    assert after is not None
    assert after.expires_at > before.expires_at


def test_root_and_targets_are_renewed_by_those_who_sign_them(releases: Releases) -> None:
    words = ["renew", str(releases.repository), "--days", "900"]
    assert not release.main(words)
    releases.sign("root", "r1", "r3")
    releases.sign("targets", "t1", "t2")
    releases.publish()
    assert Desk(releases).look(releases.repository)


def test_a_threshold_that_cannot_be_met_is_refused(
    releases: Releases, capsys: pytest.CaptureFixture[str]
) -> None:
    rotate = ("rotate", releases.repository, "targets", "--key", releases.public("t1"))
    assert "2 of 1 keys cannot be" in said(capsys, *rotate, "--threshold", 2)


def test_a_repository_is_not_founded_twice(
    releases: Releases, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = [
        word
        for role, name in (("--root", "r1"), ("--targets", "t1"), ("--online", "online"))
        for word in (role, releases.public(name))
    ]
    thresholds = ("--root-threshold", 1, "--targets-threshold", 1)
    assert "already" in said(capsys, "found", releases.repository, *keys, *thresholds)


def test_the_page_for_it_lists_every_step() -> None:
    page = (ROOT / "installers" / "README.md").read_text(encoding="utf-8")
    told = page.partition("## Updates")[2].partition("\n## ")[0]
    assert [step for step in release.STEPS if f"`{step}" not in told] == []
