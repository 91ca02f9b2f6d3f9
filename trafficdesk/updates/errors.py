"""Why a newer version was not taken; whatever it is, the one that runs stays."""

from typing import Final


class UpdateError(Exception):
    """Nothing was taken over; ``code`` is stable, ``data`` its sentence's."""

    def __init__(self, code: str, **data: str) -> None:
        super().__init__(code, data)
        self.code, self.data = code, data


class MissingError(UpdateError):
    """The source has no file of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(UNREACHABLE, name=name, detail="it is not there")


UNREACHABLE: Final = "update.unreachable"  # no answer, or a folder that is not there
NOT_TRUSTED: Final = "update.not_trusted"  # the server's certificate
CUT_OFF: Final = "update.cut_off"
TOO_LONG: Final = "update.too_long"  # more bytes than were promised, or without end
NOT_SIGNED: Final = "update.not_signed"  # by too few of the keys that may
EXPIRED: Final = "update.expired"
OLDER: Final = "update.older"  # than what this machine has seen before
TAMPERED: Final = "update.tampered"  # other bytes than what was signed
GARBLED: Final = "update.garbled"  # signed, and no sense to be made of it
MISLED: Final = "update.misled"  # by a policy that cannot be understood
NO_ROOM: Final = "update.no_room"
NOT_WRITABLE: Final = "update.not_writable"
NOT_OURS: Final = "update.not_ours"  # others may write to the folder of the versions
AT_WORK: Final = "update.at_work"  # another update is on its way
UNTRIED: Final = "update.untried"  # its self-test could not be made
UNSOUND: Final = "update.unsound"  # its self-test found something wrong
OFF: Final = "update.off"  # by policy, or nobody said where from
WITHOUT_ROOT: Final = "update.without_root"  # a build that trusts nobody
NOT_INSTALLED: Final = "update.not_installed"  # a checkout: git brings newer versions
