"""A desk with light key derivation, and officers with made-up names."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import SetUp, add_officer, set_up
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.password_kdf import KdfParameters

LIGHT: Final = KdfParameters(memory_kib=64, passes=1, lanes=1)


@pytest.fixture
def light() -> KdfParameters:
    return LIGHT


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "desk")


@pytest.fixture
def admin() -> Holder:
    return Holder(UUID(int=1), "Meena Sundaram", "MS", "Inspector", Role.ADMIN)


@pytest.fixture
def supervisor() -> Holder:
    return Holder(UUID(int=2), "Karthik Velan", "KV", "Sub-Inspector", Role.SUPERVISOR)


@pytest.fixture
def officer() -> Holder:
    return Holder(UUID(int=3), "Anbu Selvi", "AS", "Constable", Role.OFFICER)


@pytest.fixture
def desk(profile: Profile, admin: Holder) -> Iterator[SetUp]:
    """A desk set up by the admin, whose password is ``admin-pass-1``."""
    made = set_up(profile, admin, "admin-pass-1", kdf=LIGHT)
    assert isinstance(made, SetUp)
    yield made
    made.key.wipe()


@pytest.fixture
def staffed(desk: SetUp, profile: Profile, supervisor: Holder, officer: Holder) -> SetUp:
    """The desk with a supervisor (``super-pass-1``) and an officer (``police-pass-1``) added."""
    add_officer(profile, desk.key, supervisor, "super-pass-1")
    add_officer(profile, desk.key, officer, "police-pass-1")
    return desk
