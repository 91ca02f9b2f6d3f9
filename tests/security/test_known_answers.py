"""The cryptography of this machine gives the published answers, and a wrong one is told."""

import pytest

from trafficdesk.security import known_answers


def test_every_primitive_gives_its_published_answer() -> None:
    answers = known_answers.known_answers()
    assert len(answers) == 6
    assert all(answers.values())


def test_a_wrong_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_answers, "_PUBLISHED", {"X25519": (lambda: b"\x01", "00")})
    assert known_answers.known_answers() == {"X25519": False}
