"""Records of a page taken in: reports that are new here many at once, all else one by one."""

import time
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import arriving, outbox
from trafficdesk.store.arriving import NewReport, TakenIn, Uncounted
from trafficdesk.sync.taken import Touched
from trafficdesk.wire.exchange import Record
from trafficdesk.wire.fields import FIELDS

_WORTH_IT: Final = 20
_FIELDS: Final = FIELDS[Entity.REPORT].keys()
# A decision waits for the writer: no part should hold it longer, whatever the machine.
_HOLD_S: Final = 0.1
_FIRST, _LEAST, _MOST = 500, 300, 2_000
_FASTER: Final = 3.0  # one quick part does not tell how long a much larger one takes


def take_new(
    connection: Connection, records: Sequence[Record], touched: Touched, uncounted: Uncounted
) -> Sequence[Record]:
    """Take in the reports that are new here; return the records that are left.

    What this desk has work on is left, for that must be replayed. Who calls counts what is new
    before the end of the transaction.
    """
    coming = {each.id: each for each in records if _is_whole_report(each)}
    if len(coming) < _WORTH_IT:
        return records
    known = arriving.find_known_reports(connection, list(coming))
    known |= {record_id for _, record_id in outbox.find_records_with_open_work(connection)}
    new = [NewReport(i, each.version, each.row) for i, each in coming.items() if i not in known]
    for pk in arriving.put_new_reports(connection, new, uncounted):
        touched.add(TakenIn(Entity.REPORT, pk))
    taken = {each.id for each in new}
    return [each for each in records if each.id not in taken]


def _is_whole_report(record: Record) -> bool:
    return record.entity == Entity.REPORT and record.row.keys() >= _FIELDS


class Pace:
    """How many at once: as many as take about ``hold_s``, by how long the last took."""

    def __init__(self, first: int, least: int, most: int, hold_s: float = _HOLD_S) -> None:
        self.size = first
        self._least, self._most, self._hold_s = least, most, hold_s

    def note(self, done: int, took_s: float) -> None:
        """Draw from how long some took how many there may be next."""
        times = min(self._hold_s / max(took_s, 1e-3), _FASTER)
        self.size = max(self._least, min(self._most, round(done * times)))


def in_parts(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    """Cut records into parts, each to be written at once, so that none holds the writer long.

    How long one took decides how large the next one is. There is always one, if only an empty one.
    """
    pace, begin = Pace(_FIRST, _LEAST, _MOST), 0
    while True:
        started_s, size = time.monotonic(), pace.size
        yield records[begin : begin + size]
        begin += size
        if begin >= len(records):
            return
        pace.note(size, time.monotonic() - started_s)
