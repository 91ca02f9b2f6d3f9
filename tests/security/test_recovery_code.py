"""A recovery code survives being copied by hand, or says where it was miscopied."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import SetUp, set_up
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.security.passwords import PasswordFault, PasswordRefused
from trafficdesk.security.recovery import Recovered, new_recovery_pair, recover
from trafficdesk.security.recovery_code import (
    RecoveryCodeWrong,
    RecoveryFault,
    read_code,
    write_code,
)
from trafficdesk.security.sealed_box import new_private_key
from trafficdesk.security.unlock import Unlocked, unlock

private_keys = st.binary(min_size=32, max_size=32)


@given(private_keys)
def test_a_code_reads_back_in_any_usual_writing(private_key: bytes) -> None:
    code = write_code(private_key)
    assert [len(group) for group in code.split("-")] == [5] * 13
    for written in (code, code.lower(), code.replace("-", " "), code.replace("-", "\n")):
        assert read_code(written) == private_key
    assert read_code(code.replace("0", "O").replace("1", "l")) == private_key


@given(private_keys, st.integers(0, 64), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZU*"))
def test_any_single_typo_is_found_in_its_group(private_key: bytes, at: int, letter: str) -> None:
    letters = list(write_code(private_key).replace("-", ""))
    if letters[at] != letter:
        letters[at] = letter
        wrong = read_code("".join(letters))
        assert wrong == RecoveryCodeWrong(RecoveryFault.TYPO, at // 5 + 1)


@given(private_keys, st.integers(0, 12), st.integers(0, 3))
def test_two_swapped_neighbours_are_found(private_key: bytes, group: int, at: int) -> None:
    groups = write_code(private_key).split("-")
    was = groups[group]
    groups[group] = was[:at] + was[at + 1] + was[at] + was[at + 2 :]
    if groups[group] != was:
        assert read_code("-".join(groups)) == RecoveryCodeWrong(RecoveryFault.TYPO, group + 1)


@given(private_keys, st.permutations(range(13)))
def test_groups_in_another_order_are_found(private_key: bytes, order: list[int]) -> None:
    groups = write_code(private_key).split("-")
    if order != sorted(order):
        assert isinstance(read_code("-".join(groups[at] for at in order)), RecoveryCodeWrong)


@given(st.text(max_size=90))
@settings(max_examples=50)
def test_any_text_is_answered_and_never_crashes(text: str) -> None:
    assert isinstance(read_code(text), RecoveryCodeWrong)


def test_a_code_cut_short_says_length() -> None:
    code = write_code(new_private_key())
    assert read_code(code[:-1]) == RecoveryCodeWrong(RecoveryFault.LENGTH)


def test_a_good_code_of_another_desk_is_told_so(
    desk: SetUp, profile: Profile, admin: Holder
) -> None:
    assert desk.recovery_code
    other = new_recovery_pair().code
    wrong = recover(profile, other, admin.officer_id, "tempo-pass-1")
    assert wrong == RecoveryCodeWrong(RecoveryFault.OTHER_DESK)
    typo = recover(profile, "X" + desk.recovery_code, admin.officer_id, "tempo-pass-1")
    assert typo == RecoveryCodeWrong(RecoveryFault.LENGTH)
    weak = recover(profile, desk.recovery_code, admin.officer_id, "short")
    assert weak == PasswordRefused(PasswordFault.TOO_SHORT)


def test_station_its_key_recovers_a_desk_that_shows_no_code(
    profile: Profile, admin: Holder, light: KdfParameters, now: datetime
) -> None:
    pair = new_recovery_pair()
    made = set_up(profile, admin, "admin-pass-1", pair.public_key, light)
    assert isinstance(made, SetUp)
    assert made.recovery_code is None
    private_key = read_code(pair.code)
    assert isinstance(private_key, bytes)
    done = recover(profile, private_key, admin.officer_id, "tempo-pass-1", now)
    assert isinstance(done, Recovered)
    assert done.key == made.key
    assert isinstance(unlock(profile, admin.officer_id, "tempo-pass-1", now), Unlocked)


@pytest.mark.usefixtures("desk")
def test_bytes_that_are_no_key_are_no_recovery_key(profile: Profile, admin: Holder) -> None:
    wrong = recover(profile, b"short", admin.officer_id, "tempo-pass-1")
    assert wrong == RecoveryCodeWrong(RecoveryFault.LENGTH)


def test_a_public_key_of_the_wrong_size_sets_nothing_up(
    profile: Profile, admin: Holder, light: KdfParameters
) -> None:
    with pytest.raises(ValueError, match="32"):
        set_up(profile, admin, "admin-pass-1", b"short", light)
    assert not profile.key_slots.exists()
