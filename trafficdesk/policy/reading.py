"""What a policy says, of what lay on the machine: refused where safety hangs on a wrong word."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, get_type_hints

import msgspec

from trafficdesk.policy.errors import GARBLED, WRONG, PolicyError
from trafficdesk.policy.schema import SECURITY, Policy

_TYPES: Final = get_type_hints(Policy, include_extras=True)


@dataclass(frozen=True, slots=True)
class Warned:
    """A section that is passed over: not known to this version, or wrong and no matter of safety.

    ``detail`` says what is wrong with it, "" of one that is not known.
    """

    section: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MachinePolicy:
    """A machine's policy; ``place`` is where it lay, "" where there is none."""

    policy: Policy = field(default_factory=Policy)
    place: str = ""
    warned: tuple[Warned, ...] = ()

    @property
    def is_there(self) -> bool:
        """Tell whether this machine has a policy at all."""
        return bool(self.place)


def read_policy(text: bytes, place: str) -> MachinePolicy:
    """Return the policy in a JSON text. Raises ``PolicyError``."""
    try:
        told = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise PolicyError(GARBLED, path=place, detail=str(error)) from error
    if not isinstance(told, dict):
        raise PolicyError(GARBLED, path=place, detail="it is no object")
    return read_sections(told, place)


def read_sections(told: Mapping[str, object], place: str, *, strict: bool = True) -> MachinePolicy:
    """Return the policy of sections by their names; not ``strict``, 1 and "1" may stand for yes.

    Raises:
        PolicyError: a section on which safety hangs cannot be understood.
    """
    sections, warned = dict[str, object](), list[Warned]()
    for name, section in told.items():
        if name.startswith("$"):  # how a file names its schema for an editor
            continue
        if name not in _TYPES:
            warned.append(Warned(name))
            continue
        try:
            msgspec.convert(section, _TYPES[name], strict=strict)
        except msgspec.ValidationError as error:
            if name in SECURITY:
                raise PolicyError(WRONG, path=place, section=name, detail=str(error)) from error
            warned.append(Warned(name, str(error)))
        else:
            sections[name] = section
    return MachinePolicy(msgspec.convert(sections, Policy, strict=strict), place, tuple(warned))
