"""Repeatable chance: the same words always bring the same dice."""

from random import Random


def dice(*words: object) -> Random:
    """Return dice that depend on the words alone, in every run and on every machine."""
    return Random("|".join(str(word) for word in words))  # noqa: S311 - invented data, no secret


def happens(rng: Random, share: float) -> bool:
    """Return true in ``share`` of all cases."""
    return rng.random() < share
