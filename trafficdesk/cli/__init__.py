"""The command line; heavy parts are imported only by the command that needs them."""


def main() -> None:
    """Run the command of ``sys.argv`` and leave with one of ``exits.EXIT_CODES``."""
    from trafficdesk.cli.commands import app

    app(prog_name="trafficdesk")
