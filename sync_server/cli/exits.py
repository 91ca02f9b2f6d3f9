"""With what a command leaves, so that scripts can tell what happened."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    SETTINGS = 3
    DATABASE = 4
    UNSOUND = 5
    CANCELLED = 130


EXIT_CODES: dict[Exit, str] = {
    Exit.DONE: "done",
    Exit.REFUSED: "refused; nothing was changed, the reason is on stderr",
    Exit.USAGE: "the command line cannot be understood",
    Exit.SETTINGS: "the settings or the keys cannot be used",
    Exit.DATABASE: "the database cannot be reached or is not migrated",
    Exit.UNSOUND: "the check was made and found something wrong",
    Exit.CANCELLED: "stopped by Ctrl+C",
}


def epilog() -> str:
    """Return the table as the last lines of ``--help``."""
    codes = "; ".join(f"{int(code)} {meaning}" for code, meaning in EXIT_CODES.items())
    return f"Exit codes: {codes}."
