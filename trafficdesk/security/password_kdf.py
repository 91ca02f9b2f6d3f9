"""From a password to a key: Argon2id and how much work it shall be on this machine."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from argon2.exceptions import HashingError
from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw

from trafficdesk.security.errors import MemoryShort
from trafficdesk.security.keys import KEY_BYTES

SALT_BYTES: Final = 16
# Above every choice of the OWASP Password Storage Cheat Sheet (19 MiB with 2 passes and so on).
MIN_MEMORY_MIB: Final = 64
MAX_MEMORY_MIB: Final = 256
MIN_PASSES: Final = 2
MAX_PASSES: Final = 16
# What a slot file may ask of a machine, so that a forged one cannot exhaust its memory.
_LIMIT_MEMORY_MIB: Final = 1024
_LIMIT_PASSES: Final = 64
_LIMIT_LANES: Final = 16


@dataclass(frozen=True, slots=True)
class KdfParameters:
    """Argon2id's cost: memory in KiB, passes over it, lanes computed side by side."""

    memory_kib: int
    passes: int
    lanes: int

    def __post_init__(self) -> None:
        """Refuse what Argon2 cannot do and what would exhaust the machine (``ValueError``)."""
        if not 1 <= self.lanes <= _LIMIT_LANES:
            raise ValueError("lanes out of range")
        if not 1 <= self.passes <= _LIMIT_PASSES:
            raise ValueError("passes out of range")
        if not 8 * self.lanes <= self.memory_kib <= _LIMIT_MEMORY_MIB * 1024:
            raise ValueError("memory out of range")

    @property
    def is_below_floor(self) -> bool:
        """Tell whether this is weaker than the product ever chooses by itself."""
        return self.memory_kib < MIN_MEMORY_MIB * 1024 or self.passes < MIN_PASSES


def derive_from_password(password: str, salt: bytes, kdf: KdfParameters) -> bytes:
    """Return 32 bytes from a normalised password (Argon2id, RFC 9106).

    Raises ``MemoryShort`` when the machine cannot give the memory that ``kdf`` asks for.
    """
    try:
        return hash_secret_raw(
            # A keyboard may send half a surrogate pair: it is a password like another.
            secret=password.encode(errors="surrogatepass"),
            salt=salt,
            time_cost=kdf.passes,
            memory_cost=kdf.memory_kib,
            parallelism=kdf.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
            version=ARGON2_VERSION,
        )
    except HashingError as error:
        raise MemoryShort(needed_kib=kdf.memory_kib) from error


def _measure_s(kdf: KdfParameters) -> float:
    """Return the better of two runs: the first also pays for memory never touched before."""
    runs_s = []
    for _ in range(2):
        started_s = time.perf_counter()
        derive_from_password("measuring", bytes(SALT_BYTES), kdf)
        runs_s.append(time.perf_counter() - started_s)
    return min(runs_s)


def tune(
    target_s: float = 0.5, measure_s: Callable[[KdfParameters], float] = _measure_s
) -> KdfParameters:
    """Return the costliest parameters that take about ``target_s`` seconds here.

    Memory first (64 to 256 MiB, doubled while two passes fit), then passes (2 to 16). A slow
    machine gets the floor and waits longer: the result is never below it.
    """
    lanes = min(4, os.cpu_count() or 1)
    memory_mib = MIN_MEMORY_MIB
    pass_s = measure_s(KdfParameters(memory_mib * 1024, 1, lanes))
    while memory_mib < MAX_MEMORY_MIB and 2 * MIN_PASSES * pass_s <= target_s:
        memory_mib *= 2
        pass_s = measure_s(KdfParameters(memory_mib * 1024, 1, lanes))
    passes = int(target_s / max(pass_s, 1e-6))
    return KdfParameters(memory_mib * 1024, min(MAX_PASSES, max(MIN_PASSES, passes)), lanes)
