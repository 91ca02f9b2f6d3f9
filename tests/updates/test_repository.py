"""A desk takes the newest release that keys vouch for, and nothing else from anybody."""

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import MetaFile, TargetFile

from installers import release
from tests.updates.releases import FILES, PLATFORM, Desk, Releases, Thief
from trafficdesk.updates.errors import (
    EXPIRED,
    GARBLED,
    NOT_SIGNED,
    OLDER,
    TAMPERED,
    TOO_LONG,
    UNREACHABLE,
    UpdateError,
)
from trafficdesk.updates.fetching import FolderSource
from trafficdesk.updates.machine import Machine, Offer


def refused(desk: Desk, repository: Path, now: datetime | None = None) -> str:
    with pytest.raises(UpdateError) as raised:
        desk.look(repository, now)
    return raised.value.code


def test_the_newest_release_is_found_with_what_it_is(releases: Releases, desk: Desk) -> None:
    releases.release("0.2.0~dev20260101000000", FILES)
    releases.release("0.2.0", {**FILES, "trafficdesk": b"program two"})
    found = desk.look(releases.repository)
    assert found is not None
    assert (found.version, found.schema, found.platform, found.percent) == (
        "0.2.0", 3, PLATFORM, 100,
    )  # fmt: skip
    assert found.expires_at > datetime.now(UTC) + timedelta(days=90)


def test_what_a_kill_left_is_in_nobodys_way(releases: Releases, desk: Desk) -> None:
    left = desk.trusted.folder / "at-work" / f"{PLATFORM}%2F0.1.0.json"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a manife")
    assert desk.look(releases.repository)
    assert not left.parent.exists()


def test_a_machine_of_another_kind_is_offered_nothing(releases: Releases, desk: Desk) -> None:
    desk.machine = Machine("desk", "windows-x86_64")
    assert desk.look(releases.repository) is None


def test_a_tampered_manifest_is_refused(releases: Releases, desk: Desk) -> None:
    (manifest,) = (releases.repository / "targets").rglob("*.json")
    text = manifest.read_bytes()
    manifest.write_bytes(text.replace(b'"is_executable":true', b'"is_executable":fals'))
    assert refused(desk, releases.repository) == TAMPERED


@pytest.mark.parametrize("role", ["2.targets", "2.snapshot", "timestamp"])
def test_edited_metadata_is_refused(releases: Releases, desk: Desk, role: str) -> None:
    file = releases.repository / "metadata" / f"{role}.json"
    told = json.loads(file.read_bytes())
    told["signed"]["expires"] = "2099-01-01T00:00:00Z"
    file.write_text(json.dumps(told), encoding="utf-8")
    assert refused(desk, releases.repository) == NOT_SIGNED


def test_a_key_that_is_none_of_ours_vouches_for_nothing(releases: Releases, desk: Desk) -> None:
    thief = Thief(releases.repository, releases.signer("thief"))
    thief.put(thief.timestamp())
    assert refused(desk, releases.repository) == NOT_SIGNED


def test_one_signature_of_two_is_not_enough(releases: Releases, desk: Desk) -> None:
    """Who stole the online key and one of two targets keys can publish nothing."""
    releases.add(releases.bundle("0.9.0"))
    releases.sign("targets", "t1")
    assert release.main(["publish", str(releases.repository), "--key", str(releases.key("online"))])
    thief = Thief(releases.repository, releases.signer("online"))
    releases.draft("targets").replace(releases.repository / "metadata" / "3.targets.json")
    snapshot, timestamp = thief.snapshot(2), thief.timestamp()
    snapshot.signed.meta["targets.json"] = MetaFile(3)
    snapshot.signed.version = timestamp.signed.version = 3
    timestamp.signed.snapshot_meta = MetaFile(3)
    thief.put(snapshot)
    thief.put(timestamp)
    assert refused(desk, releases.repository) == NOT_SIGNED


def test_one_key_that_signs_twice_is_one(releases: Releases) -> None:
    releases.add(releases.bundle("0.9.0"))
    releases.sign("targets", "t1", "t1")
    assert release.main(["publish", str(releases.repository), "--key", str(releases.key("online"))])


def test_an_older_state_is_refused(releases: Releases, desk: Desk) -> None:
    """A stick that lay in a drawer has nothing for a desk that has seen newer."""
    stale = releases.copy("stick")
    releases.release("0.2.0")
    assert desk.look(releases.repository)
    assert refused(desk, stale) == OLDER
    found = desk.look(releases.repository)
    assert found is not None
    assert found.version == "0.2.0"


def test_the_online_key_alone_leads_back_to_no_older_release(
    releases: Releases, desk: Desk
) -> None:
    releases.release("0.2.0")
    assert desk.look(releases.repository)
    thief = Thief(releases.repository, releases.signer("online"))
    snapshot, timestamp = thief.snapshot(2), thief.timestamp()  # that of 0.1.0
    snapshot.signed.version = 4
    timestamp.signed.version = 4
    timestamp.signed.snapshot_meta = MetaFile(4)
    thief.put(snapshot)
    thief.put(timestamp)
    assert refused(desk, releases.repository) == OLDER
    timestamp.signed.version, timestamp.signed.snapshot_meta = 5, MetaFile(2)
    thief.put(timestamp)
    assert refused(desk, releases.repository) == OLDER


def test_files_of_two_states_do_not_go_together(releases: Releases, desk: Desk) -> None:
    releases.release("0.2.0")
    metadata = releases.repository / "metadata"
    (metadata / "3.targets.json").write_bytes((metadata / "2.targets.json").read_bytes())
    assert refused(desk, releases.repository) == OLDER


def test_a_source_that_stands_still_is_not_believed_for_ever(
    releases: Releases, desk: Desk
) -> None:
    found = desk.look(releases.repository)
    assert found is not None
    assert desk.look(releases.repository, found.expires_at - timedelta(seconds=1))
    assert refused(desk, releases.repository, found.expires_at) == EXPIRED


def test_what_has_expired_by_the_clock_says_nothing(releases: Releases, desk: Desk) -> None:
    thief = Thief(releases.repository, releases.signer("online"))
    timestamp = thief.timestamp()
    timestamp.signed.expires = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    thief.put(timestamp)
    assert refused(desk, releases.repository, datetime(2000, 1, 1, tzinfo=UTC)) == EXPIRED


class Endless(FolderSource):
    """A source one of whose files never ends."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(folder)
        self._name = name
        self.given = 0

    def pieces(self, name: str, start: int = 0) -> Iterator[bytes]:
        if name != self._name:
            yield from super().pieces(name, start)
            return
        for _ in itertools.count():
            self.given += 1024
            yield b" " * 1024


@pytest.mark.parametrize("name", ["timestamp", "2.snapshot", "2.targets", "2.root"])
def test_data_without_end_is_cut_off(releases: Releases, desk: Desk, name: str) -> None:
    source = Endless(releases.repository, f"metadata/{name}.json")
    with pytest.raises(UpdateError) as raised:
        desk.look(source)
    assert raised.value.code == TOO_LONG
    assert source.given < 6_000_000


def test_a_manifest_without_end_is_cut_off(releases: Releases, desk: Desk) -> None:
    (manifest,) = (releases.repository / "targets").rglob("*.json")
    source = Endless(releases.repository, manifest.relative_to(releases.repository).as_posix())
    with pytest.raises(UpdateError) as raised:
        desk.look(source)
    assert raised.value.code == TOO_LONG
    assert source.given <= manifest.stat().st_size + 1024


def test_a_folder_that_is_no_repository_is_not_one_without_news(desk: Desk, tmp_path: Path) -> None:
    assert refused(desk, tmp_path) == UNREACHABLE
    assert refused(desk, tmp_path / "pulled-out") == UNREACHABLE


def test_a_release_whose_manifest_is_anothers_is_refused(releases: Releases, desk: Desk) -> None:
    """Also if the keys say so: a version is what its manifest says."""
    releases.add(releases.bundle("0.2.0"))
    thief = Thief(releases.repository)
    (manifest,) = (releases.repository / "targets").rglob("*.0.1.0.json")
    name = f"{PLATFORM}/0.3.0.json"
    forged = TargetFile.from_data(name, manifest.read_bytes(), ["sha256"])
    forged.unrecognized_fields["custom"] = {"channel": "stable", "percent": 100}
    path = manifest.with_name(manifest.name.replace("0.1.0", "0.3.0"))
    path.write_bytes(manifest.read_bytes())
    targets = thief.targets(2)
    targets.signed.version = 3
    targets.signed.targets[name] = forged
    releases.draft("targets").write_bytes(targets.to_bytes())
    releases.sign("targets", "t1", "t2")
    releases.publish()
    assert refused(desk, releases.repository) == GARBLED


def test_keys_are_changed_and_the_old_ones_count_no_more(releases: Releases, desk: Desk) -> None:
    """A desk that has slept through every change follows from the root it came with."""
    assert desk.look(releases.repository)
    slept = Desk(releases, "slept")
    repository = releases.repository
    keys = [word for name in ("r2", "r3", "r4") for word in ("--key", releases.public(name))]
    assert not release.main(
        [str(w) for w in ("rotate", repository, "root", *keys, "--threshold", 2)]
    )
    releases.sign("root", "r2", "r3")
    releases.publish()
    targets = ("--key", releases.public("t2"), "--key", releases.public("t3"))
    online = ("--key", releases.public("online2"))
    for words in (("targets", *targets, "--threshold", 2), ("online", *online, "--threshold", 1)):
        assert not release.main([str(word) for word in ("rotate", repository, *words)])
    releases.sign("root", "r4", "r3")
    releases.add(releases.bundle("0.2.0"))
    releases.sign("targets", "t2", "t3")
    releases.publish("online2")
    for each in (desk, slept):
        found = each.look(repository)
        assert found is not None
        assert found.version == "0.2.0"
    thief = Thief(repository, releases.signer("online"))
    timestamp = thief.timestamp()
    timestamp.signed.version += 1
    thief.put(timestamp)
    assert refused(desk, repository) == NOT_SIGNED
    assert refused(slept, repository) == NOT_SIGNED


def test_a_root_is_followed_only_by_one_that_the_old_keys_sign(releases: Releases) -> None:
    keys = [word for name in ("thief", "r4") for word in ("--key", releases.public(name))]
    words = ("rotate", releases.repository, "root", *keys, "--threshold", 2)
    assert not release.main([str(word) for word in words])
    releases.sign("root", "thief", "r4")
    draft = releases.draft("root")
    assert release.main(["publish", str(releases.repository), "--key", str(releases.key("online"))])
    draft.replace(releases.repository / "metadata" / "2.root.json")
    assert refused(Desk(releases), releases.repository) == NOT_SIGNED


def test_a_rollout_reaches_more_and_more_machines_and_takes_none_back() -> None:
    machines = [Machine(str(number), PLATFORM) for number in range(1000)]
    before: set[str] = set()
    for percent in (0, 5, 30, 100):
        offer = Offer("stable", percent)
        reached = {m.machine_id for m in machines if m.is_offered("0.2.0", offer)}
        assert before <= reached
        assert abs(len(reached) - 10 * percent) < 60
        before = reached
    others = {m.machine_id for m in machines if m.is_offered("0.3.0", Offer("stable", 30))}
    assert others != {m.machine_id for m in machines if m.is_offered("0.2.0", Offer("stable", 30))}


def test_who_is_not_yet_in_a_rollout_is_offered_the_one_before(releases: Releases) -> None:
    releases.release("0.2.0", percent=0)
    name = f"{PLATFORM}/0.2.0"
    desk = Desk(releases)
    for percent, version in ((0, "0.1.0"), (100, "0.2.0")):
        words = ("offer", releases.repository, name, "--percent", percent)
        assert not release.main([str(word) for word in words])
        releases.sign("targets", "t1", "t2")
        releases.publish()
        found = desk.look(releases.repository)
        assert found is not None
        assert (found.version, found.percent) == (version, 100)


def test_a_pilot_gets_what_is_tried_and_what_is_stable(releases: Releases) -> None:
    releases.add(releases.bundle("0.2.0"), channel="pilot")
    releases.sign("targets", "t1", "t2")
    releases.publish()
    found = {
        channel: Desk(releases, channel, channel).look(releases.repository)
        for channel in ("stable", "pilot")
    }
    assert {name: one.version for name, one in found.items() if one} == {
        "stable": "0.1.0",
        "pilot": "0.2.0",
    }


def test_a_withdrawn_release_is_offered_to_nobody_and_its_files_go(
    releases: Releases, desk: Desk
) -> None:
    releases.release("0.2.0", {**FILES, "trafficdesk": b"a bad program"})
    words = ("withdraw", releases.repository, f"{PLATFORM}/0.2.0")
    assert not release.main([str(word) for word in words])
    releases.sign("targets", "t1", "t2")
    releases.publish()
    blobs = set((releases.repository / "files").rglob("*.zst"))
    assert not release.main(["prune", str(releases.repository)])
    assert set((releases.repository / "files").rglob("*.zst")) < blobs
    found = desk.look(releases.repository)
    assert found is not None
    assert found.version == "0.1.0"
