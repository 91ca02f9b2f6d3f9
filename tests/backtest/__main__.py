"""``python -m tests.backtest [--desk FOLDER]``: Barcelona's last 24 months, forecast again.

The accidents are imported into a real desk, as an officer would import them, and asked through the
same services as the screens ask. ``--desk`` keeps that desk for the next time. ``--table FILE``
takes another file of the same columns, ``--json`` prints a line for programs.
"""

import trafficdesk.store.driver  # noqa: F401 - must be the process's first SQLite

# ruff: isort: split
import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.backtest.counts import city_rows, district_rows
from tests.backtest.places import place_rows
from tests.system.accidents_desk import ACCIDENTS, PASSWORD, found_desk, import_accidents
from trafficdesk.profile import Profile
from trafficdesk.security.key_slots import holders
from trafficdesk.security.unlock import Unlocked, unlock
from trafficdesk.services import desk
from trafficdesk.services.session import Session


@contextmanager
def barcelona(folder: Path, table: Path) -> Iterator[Session]:
    """Open the desk in a folder, made first from the table if there is none."""
    profile = Profile(folder)
    if profile.database.exists():
        (holder,) = holders(profile)
        opened = unlock(profile, holder.officer_id, PASSWORD, datetime.now(UTC))
        if not isinstance(opened, Unlocked):
            raise TypeError(opened)
        session = desk.open_session(profile, opened.key, holder)
    else:
        session = found_desk(profile)
        import_accidents(session, table)
    try:
        yield session
    finally:
        session.close()


def main() -> int:
    """Print the figures, as a table in Markdown or as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.backtest", description=__doc__)
    parser.add_argument("--desk", type=Path, help="folder that keeps the desk")
    parser.add_argument("--table", type=Path, default=ACCIDENTS, help="the accidents")
    parser.add_argument("--json", action="store_true", help="one JSON line")
    asked = parser.parse_args()
    if not asked.table.exists():
        sys.stderr.write("the accidents are not on this machine\n")
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = asked.desk or Path(name) / "desk"
        folder.parent.mkdir(parents=True, exist_ok=True)
        with barcelona(folder, asked.table) as session:
            found = {
                "city": city_rows(session),
                "districts": district_rows(session),
                "places": place_rows(session),
            }
    told = json.dumps(found) if asked.json else "\n\n".join(map(_table, found.items()))
    sys.stdout.write(f"{told}\n")
    return 0


def _table(section: tuple[str, list[dict[str, object]]]) -> str:
    title, rows = section
    heads = list(rows[0])
    lines = [f"### {title}", "", _line(heads), _line(["---"] * len(heads))]
    return "\n".join([*lines, *(_line(list(row.values())) for row in rows)])


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main())
