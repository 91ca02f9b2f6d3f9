"""The sync server in a process of its own: settings as a JSON line in, its address out.

It ends when its input closes.
"""

import json
import sys
from pathlib import Path

from sync_server.logs import set_up_logs
from sync_server.serving import spare_what_lasts
from tests.server.live import running, settings_for


def main() -> None:
    """Serve until the input closes."""
    asked = json.loads(sys.stdin.readline())
    set_up_logs("error", sys.stderr)
    with running(settings_for(asked["database_url"], Path(asked["folder"]))) as live:
        spare_what_lasts()
        sys.stdout.write(live.url + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
