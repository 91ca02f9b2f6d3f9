"""The command line: `sync-server`."""


def main() -> None:
    """Run the command of ``sys.argv`` and leave with one of ``exits.EXIT_CODES``."""
    from sync_server.cli.commands import app

    app(prog_name="sync-server")
