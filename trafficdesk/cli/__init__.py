"""The command line; heavy parts are imported only by the command that needs them."""

import sys


def main() -> None:
    """Run the command of ``sys.argv`` and leave with one of ``exits.EXIT_CODES``."""
    if not sys.argv[1:]:
        from trafficdesk.cli.opening import open_desk

        sys.exit(open_desk())
    from trafficdesk.cli.commands import app

    app(prog_name="trafficdesk")
