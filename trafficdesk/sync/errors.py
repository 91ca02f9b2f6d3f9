"""What can go wrong between a desk and its server: faults of the line, and refusals."""

from enum import StrEnum

from trafficdesk.wire.accounts import Problem


class Fault(StrEnum):
    """Why an exchange brought nothing; every one is worth another try later."""

    NO_ANSWER = "no_answer"
    CUT_OFF = "cut_off"
    NOT_TRUSTED = "not_trusted"
    SERVER_FAULT = "server_fault"
    BUSY = "busy"
    WRONG_TYPE = "wrong_type"
    TOO_BIG = "too_big"
    GARBLED = "garbled"
    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"


class SyncError(Exception):
    """Base of everything that ends an exchange."""


class LineError(SyncError):
    """The line or the server failed; nothing is known of what it did.

    ``detail`` is for the log and names no person; ``retry_after_s`` is what the server asked for.
    """

    def __init__(self, fault: Fault, detail: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail
        self.retry_after_s = retry_after_s


class GreetAgainError(LineError):
    """The server is not what it was when it was greeted: nothing of its answer was taken in."""


class OtherEpochError(GreetAgainError):
    """The server was restored since it was greeted."""

    def __init__(self) -> None:
        super().__init__(Fault.GARBLED, "the server is of another epoch")


class OtherScopeError(GreetAgainError):
    """The desk was given another scope since it greeted the server."""

    def __init__(self) -> None:
        super().__init__(Fault.GARBLED, "the desk's scope is another")


class RefusedError(SyncError):
    """The server answered that it will not, with a code of PROTOCOL.md."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.problem = problem

    @property
    def code(self) -> str:
        """The stable code of the refusal."""
        return self.problem.code


class SignInNeededError(SyncError):
    """No token is left that the server takes: an officer must sign in before anything is sent."""
