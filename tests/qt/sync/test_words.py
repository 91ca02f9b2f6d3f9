"""Nothing the sync can say is without a sentence; clocks are told only when it matters."""

import pytest

from trafficdesk.qt.sync.contact import contact_times, skew_sentence
from trafficdesk.qt.sync.words import (
    contact_words,
    known_codes,
    known_reasons,
    reason_sentence,
)
from trafficdesk.sync.errors import Fault
from trafficdesk.sync.status import Phase, Status
from trafficdesk.wire.codes import OF_BUNDLES, OF_FILES, Code
from trafficdesk.wire.exchange import Reason


def test_every_fault_refusal_and_reason_has_words_of_its_own() -> None:
    assert set(Code).isdisjoint(Fault), "one name, two sentences"
    assert {*map(str, Fault), *map(str, set(Code) - OF_FILES - OF_BUNDLES)} == known_codes()
    assert set(map(str, Reason)) == known_reasons()


def test_each_says_what_it_means_and_what_to_do() -> None:
    for code in sorted(known_codes()):
        what, do = contact_words(code)
        assert what.endswith(".")
        assert do.endswith(".")
    for reason in Reason:
        assert reason_sentence(reason).endswith(".")


def test_what_only_a_newer_server_says_is_named_by_its_code() -> None:
    assert "moon_full" in contact_words("moon_full")[1]
    assert "moon_full" in reason_sentence("moon_full")


@pytest.mark.parametrize("skew_ms", [None, 0, 119_000, -120_000])
def test_a_clock_that_is_nearly_right_is_not_talked_about(skew_ms: int | None) -> None:
    assert skew_sentence(skew_ms) == ""


def test_a_clock_that_is_off_is_told_with_what_depends_on_it() -> None:
    assert skew_sentence(185_000) == (
        "This desk's clock is 3 min behind the server; nothing depends on it."
    )
    assert "2 h ahead of" in skew_sentence(-7_300_000)


def test_last_contact_and_next_try_are_told() -> None:
    status = Status(Phase.WAITING, last_contact_ms=0, fault="no_answer", next_try_ms=730_000)
    assert contact_times(status, 600_000) == "Last contact 10 min ago, next try in 2 min"
    never = Status(Phase.WAITING, fault="no_answer", next_try_ms=1_000)
    assert contact_times(never, 2_000) == ("No contact since this desk was unlocked, trying now")


def test_it_is_said_which_side_is_too_old() -> None:
    words = {contact_words(Code.UPGRADE_NEEDED, side) for side in ("", "desk", "server")}
    assert len(words) == 3
    assert "This desk's program" in contact_words(Code.UPGRADE_NEEDED, "desk")[0]
    assert "The server's program" in contact_words(Code.UPGRADE_NEEDED, "server")[0]
    assert contact_words(Code.DEVICE_COPIED, "desk") == contact_words(Code.DEVICE_COPIED)
