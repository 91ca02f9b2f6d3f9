"""A secret key tells itself to nobody and is gone when wiped; passwords cost what they shall."""

import pickle

import pytest

from trafficdesk.policy.schema import PasswordRules
from trafficdesk.security.errors import KeyWiped, MemoryShort
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.lock_policy import idle_left_s, idle_minutes
from trafficdesk.security.password_kdf import (
    MIN_MEMORY_MIB,
    MIN_PASSES,
    KdfParameters,
    derive_from_password,
    tune,
)
from trafficdesk.security.passwords import PasswordFault, PasswordRefused, find_fault, normalise


def test_a_key_is_never_in_a_repr_a_pickle_or_a_log() -> None:
    key = SecretKey(bytes(range(32)))
    for text in (repr(key), str(key), f"{key}", f"{[key]}"):
        assert text.strip("[]") == "SecretKey(hidden)"
    with pytest.raises(TypeError):
        pickle.dumps(key)
    assert key.hex() == bytes(range(32)).hex()


def test_a_wiped_key_is_overwritten_and_refuses_to_serve() -> None:
    with SecretKey.random() as key:
        inner = key._bytes
        assert any(inner)
    assert key.is_wiped
    assert not any(inner)
    for use in (key.hex, key.reveal, lambda: key.derive("media")):
        with pytest.raises(KeyWiped):
            use()
    key.wipe()


def test_derived_keys_differ_by_purpose_and_repeat() -> None:
    key, other = SecretKey.random(), SecretKey.random()
    assert key.derive("media") == key.derive("media")
    assert len({key.derive("media"), key.derive("fields"), other.derive("media")}) == 3
    # Pinned: what was sealed by an older version must open for ever.
    assert SecretKey(bytes(32)).derive("media").hex() == (
        "52cea1c863cea07f9224af08d1da11bae305bff08d5deadb1deac606adec200e"
    )


def test_a_key_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32"):
        SecretKey(b"short")


@pytest.mark.parametrize("speed", [0.0005, 0.004, 0.02, 0.2])
def test_the_cost_fits_the_machine_and_is_never_below_the_floor(speed: float) -> None:
    def measure_s(kdf: KdfParameters) -> float:
        return speed * kdf.passes * kdf.memory_kib / 8192

    kdf = tune(0.5, measure_s)
    assert not kdf.is_below_floor
    assert kdf.memory_kib <= 256 * 1024
    at_floor = kdf.memory_kib == MIN_MEMORY_MIB * 1024 and kdf.passes == MIN_PASSES
    assert at_floor or measure_s(kdf) <= 0.5


def test_measuring_on_this_machine_gives_parameters_that_work() -> None:
    kdf = tune(0.05)
    assert not kdf.is_below_floor
    assert len(derive_from_password("pass", bytes(16), kdf)) == 32


def test_argon2id_gives_what_its_reference_gives() -> None:
    # From the test of the reference implementation (phc-winner-argon2, src/test.c).
    kdf = KdfParameters(memory_kib=256, passes=2, lanes=1)
    assert derive_from_password("password", b"somesalt", kdf).hex() == (
        "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"
    )


def test_half_a_surrogate_pair_is_a_password_like_another() -> None:
    kdf = KdfParameters(64, 1, 1)
    assert derive_from_password("\ud83d" * 8, bytes(16), kdf) != derive_from_password(
        "\ud83e" * 8, bytes(16), kdf
    )


def test_a_machine_without_the_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2.exceptions import HashingError

    from trafficdesk.security import password_kdf

    def fail(**_: object) -> bytes:
        raise HashingError("Memory allocation error")

    monkeypatch.setattr(password_kdf, "hash_secret_raw", fail)
    with pytest.raises(MemoryShort) as caught:
        derive_from_password("pass", bytes(16), KdfParameters(64, 1, 1))
    assert caught.value.data == {"needed_kib": 64}


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", PasswordFault.TOO_SHORT),
        ("ko\u0bc6\u0bbe" * 2, PasswordFault.TOO_SHORT),
        ("aaaaaaaaaa", PasswordFault.ONE_CHARACTER),
        ("x1" * 600, PasswordFault.TOO_LONG),
        ("anbuselvi", PasswordFault.OFFICERS_NAME),
        ("Anbu Selvi 2026", PasswordFault.OFFICERS_NAME),
        ("SELVI-123456", PasswordFault.OFFICERS_NAME),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, fault: PasswordFault) -> None:
    refused = find_fault(password, "Anbu Selvi", PasswordRules())
    assert refused is not None
    assert refused.fault is fault


@pytest.mark.parametrize("password", ["coimbatore", "12345679", "anbu likes tea", "த" * 4 + "மிழ்"])
def test_a_password_of_eight_characters_that_is_not_the_name_is_taken(password: str) -> None:
    assert find_fault(password, "Anbu Selvi", PasswordRules()) is None
    assert normalise(normalise(password)) == normalise(password)


def test_a_policy_may_ask_for_longer_passwords() -> None:
    refused = find_fault("coimbatore", "Anbu Selvi", PasswordRules(min_characters=12))
    assert refused == PasswordRefused(PasswordFault.TOO_SHORT, 12)
    assert find_fault("coimbatore 26", "Anbu Selvi", PasswordRules(min_characters=12)) is None


def test_the_idle_lock_stays_between_one_and_thirty_minutes() -> None:
    assert [idle_minutes(wish) for wish in (None, -3, 0, 1, 15, 30, 31)] == [
        15,
        1,
        1,
        1,
        15,
        30,
        30,
    ]
    assert idle_left_s(100.0, 160.0, 15) == 840.0
    assert idle_left_s(100.0, 100.0 + 900, 15) == 0.0
    assert idle_left_s(100.0, 99.0, 15) == 0.0
