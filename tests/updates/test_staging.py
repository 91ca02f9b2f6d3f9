"""A version's folder holds the release to the last byte, or is not there."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from installers import release as release_tool
from tests.updates.releases import FILES, PLATFORM, Desk, Releases
from trafficdesk.updates.errors import (
    CUT_OFF,
    GARBLED,
    NO_ROOM,
    TAMPERED,
    TOO_LONG,
    UNREACHABLE,
    UpdateError,
)
from trafficdesk.updates.fetching import FolderSource
from trafficdesk.updates.manifest import MOST_FILE_BYTES, read_manifest
from trafficdesk.updates.repository import Release
from trafficdesk.updates.reusing import parcels
from trafficdesk.updates.staging import is_whole, stage

TWO = {**FILES, "trafficdesk": b"program two"}


def release_of(desk: Desk, releases: Releases) -> Release:
    found = desk.look(releases.repository)
    assert found is not None
    return found


@pytest.fixture
def first(releases: Releases, desk: Desk) -> Path:
    """The first version, laid out."""
    return stage(release_of(desk, releases), releases.source, [], desk.versions)


def test_a_version_is_laid_out_as_it_was_frozen(releases: Releases, first: Path) -> None:
    bundle = releases.folder / "bundles" / "0.1.0"
    assert first.name == "0.1.0"
    names = sorted(p.relative_to(bundle) for p in bundle.rglob("*"))
    assert names == sorted(p.relative_to(first) for p in first.rglob("*"))
    for name in names:
        if (bundle / name).is_file():
            assert (first / name).read_bytes() == (bundle / name).read_bytes()
    assert (first / "trafficdesk").stat().st_mode & 0o777 == 0o755
    assert (first / "empty").stat().st_mode & 0o777 == 0o644
    assert [p.name for p in first.parent.iterdir()] == ["0.1.0"]


def test_everybody_may_read_it_whatever_the_administrators_mask(
    releases: Releases, desk: Desk
) -> None:
    before = os.umask(0o077)
    try:
        place = stage(release_of(desk, releases), releases.source, [], desk.versions)
    finally:
        os.umask(before)
    modes = {p.stat().st_mode & 0o777 for p in (place, *place.rglob("*")) if p.is_dir()}
    assert modes == {0o755}


def test_only_what_changed_is_fetched(releases: Releases, desk: Desk, first: Path) -> None:
    releases.release("0.2.0", TWO)
    release, source = release_of(desk, releases), releases.source
    wanted = parcels(release.manifest.files, [first])
    assert {parcel.file.path for parcel in wanted} == {
        "trafficdesk",
        "about/versions.json",
        "about/SHA256SUMS",
    }
    second = stage(release, source, [first], desk.versions)
    assert sorted(source.blobs) == sorted(parcel.name for parcel in wanted)
    shared = "_internal/base.so"
    assert (first / shared).samefile(second / shared)
    assert (first / "trafficdesk").read_bytes() == b"program one"


def noise(seed: int, size: int) -> bytes:
    """Return bytes that nothing packs any smaller."""
    pieces = (hashlib.sha256(f"{seed} {n}".encode()).digest() for n in range(size // 32))
    return b"".join(pieces)


@pytest.fixture
def programs(releases: Releases) -> tuple[bytes, bytes]:
    """Two programs that differ in one module, released as 0.2.0 and 0.3.0."""
    modules = [noise(seed, 40_000) for seed in range(5)]
    older, newer = b"".join(modules), b"".join([*modules[:2], noise(9, 500), *modules[2:]])
    releases.release("0.2.0", {**FILES, "trafficdesk": older})
    releases.release("0.3.0", {**FILES, "trafficdesk": newer})
    return older, newer


def laid_out_before(releases: Releases, desk: Desk, version: str) -> Path:
    """Return a version as the package of it would have brought it."""
    return Path(shutil.copytree(releases.folder / "bundles" / version, desk.folder / version))


def test_of_a_program_only_what_is_other_is_fetched(
    releases: Releases, desk: Desk, programs: tuple[bytes, bytes]
) -> None:
    release, source = release_of(desk, releases), releases.source
    base = laid_out_before(releases, desk, "0.2.0")
    place = stage(release, source, [base], desk.versions)
    assert (place / "trafficdesk").read_bytes() == programs[1]
    (program,) = (file for file in release.manifest.files if file.path == "trafficdesk")
    (delta,) = program.deltas
    assert program.delta_blob(delta) in source.blobs
    assert program.blob not in source.blobs
    assert delta.packed_size < 1000 < program.packed_size
    assert (base / "trafficdesk").read_bytes() == programs[0]


def test_a_desk_that_slept_through_a_year_of_releases_fetches_as_little(
    releases: Releases, desk: Desk, programs: tuple[bytes, bytes]
) -> None:
    newest = programs[1]
    for month in range(4, 15):
        newest += noise(month, 100)
        releases.release(f"0.{month}.0", {**FILES, "trafficdesk": newest})
    release, source = release_of(desk, releases), releases.source
    base = laid_out_before(releases, desk, "0.2.0")
    place = stage(release, source, [base], desk.versions)
    assert (place / "trafficdesk").read_bytes() == newest
    (program,) = (file for file in release.manifest.files if file.path == "trafficdesk")
    assert program.blob not in source.blobs


def test_without_the_older_program_the_whole_one_is_fetched(
    releases: Releases, desk: Desk, programs: tuple[bytes, bytes]
) -> None:
    release, source = release_of(desk, releases), releases.source
    base = laid_out_before(releases, desk, "0.2.0")
    (base / "trafficdesk").write_bytes(programs[0][:-1] + b"?")
    place = stage(release, source, [base], desk.versions)
    assert (place / "trafficdesk").read_bytes() == programs[1]
    (program,) = (file for file in release.manifest.files if file.path == "trafficdesk")
    assert program.blob in source.blobs


@pytest.mark.parametrize("is_there", [True, False])
def test_a_tampered_delta_is_refused_and_one_that_is_gone_is_done_without(
    releases: Releases, desk: Desk, programs: tuple[bytes, bytes], *, is_there: bool
) -> None:
    release, base = release_of(desk, releases), laid_out_before(releases, desk, "0.2.0")
    (program,) = (file for file in release.manifest.files if file.path == "trafficdesk")
    blob = releases.repository / program.delta_blob(program.deltas[0])
    if is_there:
        blob.write_bytes(bytes(blob.stat().st_size))
        with pytest.raises(UpdateError) as raised:
            stage(release, releases.source, [base], desk.versions)
        assert raised.value.code == TAMPERED
        assert not (desk.versions / "0.3.0").exists()
    else:
        blob.unlink()
        place = stage(release, releases.source, [base], desk.versions)
        assert (place / "trafficdesk").read_bytes() == programs[1]


def test_pruning_keeps_the_deltas_of_what_is_offered(
    releases: Releases, desk: Desk, programs: tuple[bytes, bytes]
) -> None:
    assert programs
    assert not release_tool.main(["prune", str(releases.repository)])
    release, source = release_of(desk, releases), releases.source
    stage(release, source, [laid_out_before(releases, desk, "0.2.0")], desk.versions)
    (program,) = (file for file in release.manifest.files if file.path == "trafficdesk")
    assert program.blob not in source.blobs


def test_a_file_that_others_may_change_is_copied_and_not_shared(
    releases: Releases, desk: Desk, tmp_path: Path
) -> None:
    loose = tmp_path / "loose" / "renamed.so"
    loose.parent.mkdir()
    loose.write_bytes(FILES["_internal/base.so"])
    loose.chmod(0o666)
    source = releases.source
    place = stage(release_of(desk, releases), source, [loose.parent], desk.versions)
    assert len(source.blobs) == 5  # two programs' files, two of about, one root, nothing of base.so
    assert not (place / "_internal/base.so").samefile(loose)
    assert (place / "_internal/base.so").stat().st_mode & 0o777 == 0o644
    assert loose.stat().st_mode & 0o777 == 0o666


def test_links_are_laid_out(releases: Releases, desk: Desk) -> None:
    bundle = releases.bundle("0.2.0", FILES, **{"lib.so": "_internal/base.so"})
    releases.add(bundle)
    releases.sign("targets", "t1", "t2")
    releases.publish()
    release = release_of(desk, releases)
    place = stage(release, releases.source, [], desk.versions)
    assert (place / "lib.so").readlink() == Path("_internal/base.so")
    assert is_whole(release.manifest, place)
    (place / "lib.so").unlink()
    (place / "lib.so").symlink_to("/etc/passwd")
    assert not is_whole(release.manifest, place)


def test_what_is_there_is_not_made_again(releases: Releases, desk: Desk, first: Path) -> None:
    source = releases.source
    inode = first.stat().st_ino
    assert stage(release_of(desk, releases), source, [], desk.versions) == first
    assert source.blobs == []
    assert first.stat().st_ino == inode


@pytest.mark.parametrize("change", ["other", "mode", "gone", "more"])
def test_a_version_that_somebody_changed_is_made_good(
    releases: Releases, desk: Desk, first: Path, change: str
) -> None:
    release, program = release_of(desk, releases), first / "trafficdesk"
    assert is_whole(release.manifest, first)
    if change == "other":
        program.write_bytes(b"progRam one")
    elif change == "mode":
        program.chmod(0o777)
    elif change == "gone":
        program.unlink()
    else:
        (first / "_internal" / "sitecustomize.py").write_bytes(b"import evil")
    assert not is_whole(release.manifest, first)
    stage(release, releases.source, [], desk.versions)
    assert is_whole(release.manifest, first)
    assert [p.name for p in first.parent.iterdir()] == ["0.1.0"]


class Cut(FolderSource):
    """A line that breaks off after so many bytes of everything."""

    def __init__(self, folder: Path, left: int) -> None:
        super().__init__(folder)
        self._left = left

    def pieces(self, name: str, start: int = 0) -> Iterator[bytes]:
        for piece in super().pieces(name, start):
            for at in range(len(piece)):
                if self._left == 0:
                    raise UpdateError(CUT_OFF, name=name, detail="cut")
                self._left -= 1
                yield piece[at : at + 1]


@pytest.mark.parametrize("left", [0, 5, 60, 150, 400])
def test_what_was_cut_off_is_gone_on_with(releases: Releases, desk: Desk, left: int) -> None:
    release = release_of(desk, releases)
    with pytest.raises(UpdateError) as raised:
        stage(release, Cut(releases.repository, left), [], desk.versions)
    assert raised.value.code == CUT_OFF
    assert [p.name for p in desk.versions.iterdir()] == ["0.1.0.partial"]
    source = releases.source
    place = stage(release, source, [], desk.versions)
    assert is_whole(release.manifest, place)
    fetched = sum(
        (releases.repository / name).stat().st_size - start for name, start in source.asked
    )
    assert fetched == sum(file.packed_size for file in release.manifest.files) - left


def test_what_a_kill_left_is_cleared_away(releases: Releases, desk: Desk, first: Path) -> None:
    """Foreign files of another build of that number, and a version that was being replaced."""
    partial = desk.versions / "0.1.0.partial"
    for left in ("tree/_internal/gone.so", "tree/trafficdesk/was-a-folder", "changed/trafficdesk"):
        (partial / left).parent.mkdir(parents=True)
        (partial / left).write_bytes(b"left")
    release = release_of(desk, releases)
    stage(release, releases.source, [], desk.versions)
    assert [p.name for p in desk.versions.iterdir()] == ["0.1.0"]
    for left in ("tree/_internal/gone.so", "tree/trafficdesk/was-a-folder", "changed/trafficdesk"):
        (partial / left).parent.mkdir(parents=True)
        (partial / left).write_bytes(b"left")
    (first / "trafficdesk").unlink()
    stage(release, releases.source, [], desk.versions)
    assert is_whole(release.manifest, first)
    assert [p.name for p in desk.versions.iterdir()] == ["0.1.0"]


def blob_of(releases: Releases, release: Release, path: str = "trafficdesk") -> Path:
    (file,) = (file for file in release.manifest.files if file.path == path)
    return releases.repository / file.blob


@pytest.mark.parametrize("path", ["trafficdesk", "_internal/base.so"])
@pytest.mark.parametrize(
    ("tampered", "code"),
    [
        (lambda blob: blob[:-1] + bytes([blob[-1] ^ 1]), TAMPERED),
        (lambda blob: bytes(len(blob)), TAMPERED),
        (lambda blob: blob[:-1], TAMPERED),
        (lambda blob: blob[:0], TAMPERED),
        (lambda blob: blob + b"\0", TOO_LONG),
    ],
)
def test_a_tampered_blob_never_gets_a_versions_name(
    releases: Releases, desk: Desk, path: str, tampered: object, code: str
) -> None:
    assert callable(tampered)
    release = release_of(desk, releases)
    blob = blob_of(releases, release, path)
    whole = blob.read_bytes()
    blob.write_bytes(tampered(whole))
    for _ in range(2):  # what came of it is not gone on with either
        with pytest.raises(UpdateError) as raised:
            stage(release, releases.source, [], desk.versions)
        assert raised.value.code == code
        assert [p.name for p in desk.versions.iterdir()] == ["0.1.0.partial"]
    blob.write_bytes(whole)
    assert is_whole(release.manifest, stage(release, releases.source, [], desk.versions))


def test_a_missing_blob_leaves_nothing_of_that_name(releases: Releases, desk: Desk) -> None:
    release = release_of(desk, releases)
    blob_of(releases, release).unlink()
    with pytest.raises(UpdateError) as raised:
        stage(release, releases.source, [], desk.versions)
    assert raised.value.code == UNREACHABLE
    assert not (desk.versions / "0.1.0").exists()


def test_what_does_not_fit_is_refused_before_anything_is_fetched(
    releases: Releases, desk: Desk
) -> None:
    release = release_of(desk, releases)
    many = tuple(
        msgspec.structs.replace(
            release.manifest.files[0], path=f"f{n}", sha256=f"{n:064x}", size=MOST_FILE_BYTES
        )
        for n in range(10_000)
    )
    manifest = msgspec.structs.replace(release.manifest, files=many)
    source = releases.source
    too_big = Release("0.1.0", 3, release.platform, manifest, release.expires_at, 100)
    with pytest.raises(UpdateError) as raised:
        stage(too_big, source, [], desk.versions)
    assert raised.value.code == NO_ROOM
    assert source.asked == []


@pytest.mark.parametrize(
    "path",
    [
        "../evil",
        "/etc/passwd",
        "a//b",
        "a/./b",
        "C:evil",
        "a\\b",
        "con",
        "Aux.txt",
        "a.",
        "a ",
        "a\0",
    ],
)
def test_a_name_that_leaves_the_folder_or_means_something_else_is_refused(
    path: str,
) -> None:
    assert code_of(path) == GARBLED


@pytest.mark.parametrize("paths", [("a", "A"), ("a", "a/b"), ("A/b", "a"), ("ß", "SS")])
def test_two_files_of_one_name_are_refused(paths: tuple[str, str]) -> None:
    assert code_of(*paths) == GARBLED


@pytest.mark.parametrize("to", ["/etc", "..", "../../x", "a/../../x", "b/../../../x", "C:x", ""])
def test_a_link_out_of_the_folder_is_refused(to: str) -> None:
    assert code_of("a", links=[{"path": "lib.so", "to": to}]) == GARBLED


def written(*paths: str, **more: object) -> bytes:
    """Return a manifest of files of these names."""
    packed = {"size": 1, "sha256": "0" * 64, "packed_size": 1, "packed_sha256": "0" * 64}
    told = {"version": "0.2.0", "platform": PLATFORM, "schema": 3}
    return msgspec.json.encode({**told, "files": [{"path": p, **packed} for p in paths], **more})


def code_of(*paths: str, **more: object) -> str:
    with pytest.raises(UpdateError) as raised:
        read_manifest(written(*paths, **more))
    return raised.value.code


def test_a_manifest_of_a_later_desk_may_say_more() -> None:
    links = [{"path": "b/c", "to": "../a"}]
    assert read_manifest(written("a", links=links, since="0.9")).files[0].path == "a"
