"""A private key as a code people can copy: 13 groups of five, each proving itself.

Four Crockford base32 digits carry data, the fifth is their weighted sum over GF(32) plus the
group's number: it finds every single wrong character, every two swapped neighbours and every two
swapped groups, and says in which group.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trafficdesk.security.keys import KEY_BYTES

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {digit: value for value, digit in enumerate(_DIGITS)}
# What people write for digits that Crockford's alphabet leaves out.
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_DATA: Final = 4
_GROUPS: Final = 13
_SPARE_BITS: Final = _GROUPS * _DATA * 5 - KEY_BYTES * 8
_POLYNOMIAL: Final = 0b100101
_WEIGHTS: Final = (2, 4, 8, 16)


class RecoveryFault(StrEnum):
    """Why a recovery code does not serve."""

    LENGTH = "length"
    TYPO = "typo"
    OTHER_DESK = "other_desk"


@dataclass(frozen=True, slots=True)
class RecoveryCodeWrong:
    """A recovery code does not serve; ``group`` counts from 1 and is given for a typo."""

    fault: RecoveryFault
    group: int | None = None


def _times(a: int, b: int) -> int:
    """Multiply in GF(32), polynomial x^5 + x^2 + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= _POLYNOMIAL
        b >>= 1
    return product


def _check(values: list[int], group: int) -> int:
    check = group
    for weight, value in zip(_WEIGHTS, values, strict=True):
        check ^= _times(weight, value)
    return check


def write_code(private_key: bytes) -> str:
    """Return 32 bytes as 13 groups of five characters, joined by hyphens."""
    number = int.from_bytes(private_key, "big") << _SPARE_BITS
    count = _GROUPS * _DATA
    values = [(number >> (5 * (count - 1 - place))) & 31 for place in range(count)]
    groups = []
    for group in range(_GROUPS):
        part = values[group * _DATA : (group + 1) * _DATA]
        groups.append("".join(_DIGITS[value] for value in [*part, _check(part, group)]))
    return "-".join(groups)


def read_code(code: str) -> bytes | RecoveryCodeWrong:
    """Return the 32 bytes of a code; case, spaces and hyphens don't matter, O is 0, I and L 1."""
    letters = "".join(code.upper().split()).translate(_READ_AS)
    if len(letters) != _GROUPS * (_DATA + 1):
        return RecoveryCodeWrong(RecoveryFault.LENGTH)
    number = 0
    for group in range(_GROUPS):
        part = letters[group * (_DATA + 1) : (group + 1) * (_DATA + 1)]
        values = [_VALUES.get(letter, -1) for letter in part]
        if min(values) < 0 or _check(values[:_DATA], group) != values[_DATA]:
            return RecoveryCodeWrong(RecoveryFault.TYPO, group + 1)
        for value in values[:_DATA]:
            number = number << 5 | value
    if number & ((1 << _SPARE_BITS) - 1):
        return RecoveryCodeWrong(RecoveryFault.TYPO, _GROUPS)
    return (number >> _SPARE_BITS).to_bytes(KEY_BYTES, "big")
