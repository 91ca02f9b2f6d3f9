"""Which of two versions is the newer one: ``0.2.0~dev20261122174500`` comes before ``0.2.0``."""

import re
from typing import Final

PATTERN: Final = r"^[0-9]{1,5}(\.[0-9]{1,5}){2}(~dev[0-9]{14})?$"
_VERSION: Final = re.compile(PATTERN, re.ASCII)
_RELEASED: Final = 10**14  # after every time of a commit


def is_version(text: str) -> bool:
    """Tell whether a text names a version; such a name is safe as that of a folder."""
    return _VERSION.fullmatch(text) is not None


def order_of(version: str) -> tuple[int, ...]:
    """Return what versions are compared by. Raises ``ValueError`` for what is none."""
    if not is_version(version):
        raise ValueError(version)
    release, _, on_the_way = version.partition("~dev")
    numbers = (int(number) for number in release.split("."))
    return (*numbers, int(on_the_way) if on_the_way else _RELEASED)
