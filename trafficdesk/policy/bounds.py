"""The bounds within which IT decides; the rooms that follow a policy take them from here."""

from typing import Final, Literal

MOST_IDLE_MINUTES: Final = 30
LEAST_CHARACTERS: Final = 8
MOST_CHARACTERS: Final = 128
MOST_POSITION_DAYS: Final = 90
Channel = Literal["stable", "pilot"]
