"""Photos of a report that was never written do not stay on the disk; photos of any other do."""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.exc import IntegrityError

from tests.services.conftest import new_report
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Report
from trafficdesk.services import media
from trafficdesk.services.intake import file_report
from trafficdesk.services.pictures import Examined, examine
from trafficdesk.services.routines import Routines
from trafficdesk.services.session import Session


def picture(shade: int) -> Examined:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (shade, 90, 90)).save(out, "PNG")
    found = examine(out.getvalue())
    assert isinstance(found, Examined)
    return found


def sealed(session: Session) -> set[str]:
    return {path.name for path in session.profile.media.rglob("*") if path.is_file()}


def names(*photos: Examined) -> set[str]:
    return {photo.sha256 + suffix for photo in photos for suffix in ("", ".thumb")}


def sweep_all(session: Session) -> int:
    return sum(media.sweep(session, folder) for folder in range(media.FOLDERS))


def age(session: Session, by: timedelta) -> None:
    for path in session.profile.media.rglob("*"):
        then = session.clock().timestamp() - by.total_seconds()
        os.utime(path, (then, then))


def test_a_filing_that_fails_leaves_no_photo_but_those_of_others(session: Session) -> None:
    shared, lone = picture(10), picture(20)
    assert file_report(session, new_report(session), (shared,)).outcome.is_done
    homeless = new_report(session, city_id=new_id())
    with pytest.raises(IntegrityError):
        file_report(session, homeless, (shared, lone))
    assert sealed(session) == names(shared)


def test_a_disk_that_fills_up_between_two_photos_leaves_neither(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = picture(10), picture(20)
    replace_really = os.replace

    def fail(source: str, target: str) -> None:
        if Path(target).name == second.sha256:
            raise OSError("No space left on device")
        replace_really(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        file_report(session, new_report(session), (first, second))
    assert sealed(session) == set()


def test_only_old_photos_of_no_report_are_swept(session: Session) -> None:
    kept, orphan = picture(10), picture(20)
    assert file_report(session, new_report(session), (kept,)).outcome.is_done
    media.keep_photo(session.profile, session.data_key, orphan)
    folder = session.profile.media / orphan.sha256[:2]
    half_written = folder / f".{orphan.sha256}.thumb.ab12_xyz"
    half_written.write_bytes(b"half")
    (folder / "notes.txt").write_text("somebody else's")
    everything = sealed(session)
    assert sweep_all(session) == 0
    age(session, timedelta(hours=23))
    assert sweep_all(session) == 0
    assert sealed(session) == everything
    age(session, timedelta(hours=25))
    assert sweep_all(session) == 3
    assert sealed(session) == names(kept) | {"notes.txt"}


def test_the_timetable_comes_round_to_every_folder(
    session: Session, file: Callable[..., Report]
) -> None:
    file()
    orphans = [picture(shade) for shade in range(10, 20)]
    for orphan in orphans:
        media.keep_photo(session.profile, session.data_key, orphan)
    age(session, timedelta(days=2))
    routines = Routines(session, print)
    for _ in range(media.FOLDERS):
        routines._sweep_photos()
    assert sealed(session) == set()
