"""The pill says at all times how far work has travelled."""

import dataclasses

import pytest

from tests.qt.sync.conftest import OpenDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.profile import Profile
from trafficdesk.qt.shell.top_bar import SyncPill
from trafficdesk.qt.sync.summary import summarise
from trafficdesk.services.sending import Tally
from trafficdesk.sync.status import Phase, Status

NOW_MS = 1_790_000_000_000
HOUR_MS = 3_600_000


def said(status: Status, tally: Tally) -> str:
    pill = SyncPill()
    pill.tell(summarise(status, tally, NOW_MS))
    return pill.words()


@pytest.mark.usefixtures("qapp")
def test_every_state_has_its_words() -> None:
    online = Status(Phase.RESTING, last_contact_ms=NOW_MS)
    offline = Status(Phase.WAITING, last_contact_ms=NOW_MS - 3 * HOUR_MS, fault="no_answer")
    nothing, some = Tally(0, 0), Tally(12, 2)
    assert said(online, nothing) == "Online, all sent"
    assert said(online, Tally(1, 0)) == "Online, 1 to send"
    sending = dataclasses.replace(online, phase=Phase.SENDING)
    assert said(sending, Tally(12, 0)) == "Sending 12"
    assert said(sending, nothing) == "Online, all sent"
    assert said(offline, some) == "Offline 3 h, 12 to send, 2 need you"
    retrying = dataclasses.replace(offline, phase=Phase.SENDING)
    assert said(retrying, some) == "Offline 3 h, 12 to send, 2 need you"
    waiting = Status(Phase.SIGN_IN_NEEDED, last_contact_ms=NOW_MS, fault="sign_in_needed")
    assert said(waiting, nothing) == "Sign in to send"
    assert said(waiting, some) == "Sign in to send, 12 to send, 2 need you"
    stopped = Status(Phase.STOPPED, last_contact_ms=NOW_MS, fault="device_copied")
    assert said(stopped, Tally(12, 0)) == "Stopped: enrol anew, 12 to send"
    assert said(Status(Phase.STARTING), nothing) == "Connecting"
    fetching = Status(Phase.FETCHING, last_contact_ms=NOW_MS, fetched=200, to_fetch=1000)
    assert said(fetching, nothing) == "Fetching"


def test_what_another_desk_files_is_fetched_and_what_is_done_here_is_sent(
    profile: Profile, other: SyncedDesk, open_desk: OpenDesk
) -> None:
    report = other.file()
    other.sync()
    window = open_desk(profile)
    sitting = window.unlock()
    window.wait_for_pill("Online, all sent")
    window.wait(lambda: len(window.pks()) == 1)
    window.step(window.pks()[0], Move.APPROVE)
    window.wait_until_sent()
    window.wait_for_pill("Online, all sent")
    other.sync()
    assert other.report(report.id).status is ReportStatus.APPROVED
    assert sitting.sync is not None
    assert sitting.sync.status.fault == ""
