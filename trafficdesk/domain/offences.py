"""What a violation costs: the compounding amounts a citation is written for.

Amounts in paise, after the Motor Vehicles (Amendment) Act 2019, first offence; the section is
printed on the notice. An agency replaces the table with its own notification.
"""

from dataclasses import dataclass

from trafficdesk.domain.vocabulary import Violation


@dataclass(frozen=True, slots=True)
class Offence:
    """The section of the Act and the amount in the currency's smallest unit."""

    section: str
    amount_minor: int


CURRENCY = "INR"
OFFENCES: dict[str, Offence] = {
    Violation.SPEED: Offence("183", 100_000),
    Violation.SIGNAL_JUMP: Offence("184", 100_000),
    Violation.WRONG_SIDE: Offence("184", 100_000),
    Violation.NO_HELMET: Offence("194D", 100_000),
    Violation.NO_SEAT_BELT: Offence("194B", 100_000),
    Violation.TRIPLE_RIDING: Offence("194C", 100_000),
    Violation.MOBILE_USE: Offence("184", 100_000),
    Violation.DRUNK_DRIVING: Offence("185", 1_000_000),
    Violation.ILLEGAL_PARKING: Offence("177", 50_000),
    Violation.NO_ENTRY: Offence("194(1)", 50_000),
    Violation.OVERLOADING: Offence("194", 2_000_000),
    Violation.RASH_DRIVING: Offence("184", 100_000),
    Violation.DEFECTIVE_PLATE: Offence("192", 50_000),
    Violation.FOOTPATH_RIDING: Offence("177A", 50_000),
    Violation.OTHER: Offence("177", 50_000),
}


def offence_of(violation: str) -> Offence:
    """Return what a violation costs; a type that an admin added costs as ``other``."""
    return OFFENCES.get(violation, OFFENCES[Violation.OTHER])
