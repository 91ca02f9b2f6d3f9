"""With what a command leaves, so that scripts can tell what happened."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_UNLOCKED = 3
    IN_USE = 4
    UNSOUND = 5
    CANCELLED = 130


EXIT_CODES: dict[Exit, str] = {
    Exit.DONE: "done",
    Exit.REFUSED: "refused or failed; nothing was changed, the reason is on stderr",
    Exit.USAGE: "the command line cannot be understood",
    Exit.NOT_UNLOCKED: "the desk could not be unlocked: officer not named, password, lock-out or "
    "damaged keys",
    Exit.IN_USE: "another program has this profile open",
    Exit.UNSOUND: "the check was made and found something wrong",
    Exit.CANCELLED: "stopped by Ctrl+C; nothing was changed",
}


def epilog() -> str:
    """Return the table as the last lines of ``--help``."""
    codes = "; ".join(f"{int(code)} {meaning}" for code, meaning in EXIT_CODES.items())
    return f"Exit codes: {codes}."
