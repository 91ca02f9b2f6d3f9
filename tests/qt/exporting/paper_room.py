"""Sets a list on paper in a process of its own and writes how many KiB that took at most.

What Qt holds is no matter of Python, which ``tracemalloc`` alone would tell of.
"""

import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from trafficdesk.exports.table import Column, Row, Table
from trafficdesk.exports.writing import Format, write_table
from trafficdesk.qt.dispatch_papers.printing import typesetting
from trafficdesk.qt.exporting.list_pdf import write_pdf

_FACTS = 24


def _rows(count: int) -> Iterator[Row]:
    for number in range(count):
        yield tuple(f"fact {number} of {place}" for place in range(_FACTS))


def main(path: Path, count: int) -> None:
    """Write so many rows, no two facts of them alike."""
    columns = tuple(Column(f"fact_{place}", f"Fact {place}") for place in range(_FACTS))
    with typesetting():
        table = Table("reports", "Reports", columns, _rows(count))
        write_table(table, path, Format.PDF, lambda _done: None, write_pdf)
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
