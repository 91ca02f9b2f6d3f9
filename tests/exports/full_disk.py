"""Writes a list in a process whose files may not grow: what comes of it is told on a line."""

import resource
import sys
from pathlib import Path
from random import Random

from trafficdesk.exports.table import Column, Table
from trafficdesk.exports.writing import Write, format_of, write_table

_MOST = 150_000
_ROWS = 20_000


def main(path: Path, write: Write | None = None) -> None:
    """Write texts that no compression makes small enough."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST, _MOST))
    rng = Random(5)  # noqa: S311 - invented rows, no secrets
    rows = ((rng.randbytes(12).hex(),) for _ in range(_ROWS))
    form = format_of(path)
    if form is None:
        raise ValueError(path)
    table = Table("reports", "Reports", (Column("reference", "Reference"),), rows)
    try:
        write_table(table, path, form, lambda _done: None, write)
    except OSError:
        sys.stdout.write("OSError\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
