"""A list of every report, out of the encrypted store, against each library's bare writer.

The peer writes rows that lie ready in memory; the desk finds them first, masks, checks and counts.
``write`` is its writer alone, fed the same rows as the peer. Formats without a library (KML, HTML)
have no peer and tell their rows a second alone. How long the GUI's thread was held up meanwhile is
told by a timer that should fire every five milliseconds.
"""

import gc
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from PySide6.QtCore import QEventLoop, Qt, QTimer

from tests.bench.bare_writers import WRITERS
from tests.bench.measuring import Pair, Result, forget_peak, peak_mib, timed_ms
from tests.bench.setting import Setting
from trafficdesk.domain.queues import ReportFilter, Sort
from trafficdesk.exports.table import Column, Row, Table, Tick
from trafficdesk.exports.writing import LISTS, Format, Write, write_table
from trafficdesk.qt.dispatch_papers.printing import typesetting
from trafficdesk.qt.exporting.list_pdf import write_pdf
from trafficdesk.services.exporting import COLUMNS, PLACE, ListFile, Wanted, export_reports
from trafficdesk.services.session import Session

_MOST_REPEATS = 5
_MOST_ON_PAPER = 2_000
_EVERY_MS = 5
_IDLE_S = 3.0
Told = dict[str, float | None]


def run(setting: Setting) -> Result:
    """Write the whole list in every format, in turn with its peer."""
    with TemporaryDirectory() as folder, typesetting():
        here = Path(folder)
        _growth_mib(setting, Format.CSV, here)  # loads and warms what every export needs
        listed = [form for form in LISTS if form is not Format.PDF]
        grown: dict[Format, int | None] = {}
        for form in listed:
            grown[form] = _growth_mib(setting, form, here)
        setting.say(f"peak memory over what there was, MiB: {grown}")
        rows = _rows(setting.session, here)
        gc.disable()  # as it is in the desk, which collects between two events of its window
        try:
            formats = {
                str(form): {**_measure(setting, form, rows, here), "memory_mib": grown.get(form)}
                for form in LISTS
            }
        finally:
            gc.enable()
    ratios = [told["ratio"] for told in formats.values() if told["ratio"] is not None]
    idle = round(_held_up_ms(partial(time.sleep, _IDLE_S)), 1)
    return Result(max(ratios), {"formats": formats, "gui_held_up_idle_ms": idle})


def _write_of(form: Format) -> Write | None:
    return write_pdf if form is Format.PDF else None


def _export(session: Session, path: Path, form: Format, tick: Tick) -> None:
    file = ListFile(path, form, "Reports", write=_write_of(form))
    export_reports(session, Wanted(ReportFilter(), Sort.OLDEST, file), tick)


def _rows(session: Session, folder: Path) -> list[Row]:
    """Return what an export writes, as it comes."""
    found: list[Row] = []

    def keep(table: Table, path: Path, _tick: Tick) -> None:
        found.extend(table.rows)
        path.touch()

    file = ListFile(folder / "rows", Format.CSV, "Reports", write=keep)
    export_reports(session, Wanted(ReportFilter(), Sort.OLDEST, file), _never)
    return found


def _measure(setting: Setting, form: Format, rows: list[Row], folder: Path) -> Told:
    rows = rows[:_MOST_ON_PAPER] if form is Format.PDF else rows
    path, bare = folder / f"list.{form}", WRITERS.get(form)
    columns = tuple(Column(name, name, kind) for name, kind in COLUMNS)
    table = Table("reports", "Reports", columns, rows, PLACE)
    write = partial(write_table, table, path, form, _never, _write_of(form))
    # A list of that many rows is exported whole: on paper alone a part has to do.
    export = write if form is Format.PDF else partial(_export, setting.session, path, form, _never)
    pair = Pair(str(form))
    writes: list[float] = []
    for _ in range(min(setting.repeats, _MOST_REPEATS)):
        pair.desk_ms.append(timed_ms(export))
        writes.append(timed_ms(write))
        if bare is not None:
            pair.bare_ms.append(timed_ms(partial(bare, rows, folder / f"bare.{form}")))
    held_up = _held_up_ms(export)
    told: Told = {
        "ratio": round(pair.ratio, 2) if bare else None,
        "write_ratio": round(min(writes) / min(pair.bare_ms), 2) if bare else None,
        "rows_per_s": round(len(rows) / min(pair.desk_ms) * 1_000),
        "bare_rows_per_s": round(len(rows) / min(pair.bare_ms) * 1_000) if bare else None,
        "gui_held_up_ms": round(held_up, 1),
    }
    setting.say(f"{form}: {told}")
    return told


def _held_up_ms(work: Callable[[], object]) -> float:
    """Return how late a timer of this thread was at worst while another one worked."""
    beats: list[float] = []
    loop, timer, working = QEventLoop(), QTimer(), Thread(target=work)

    def beat() -> None:
        beats.append(time.perf_counter())
        if not working.is_alive():
            loop.quit()

    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(_EVERY_MS)
    timer.timeout.connect(beat)
    timer.start()
    working.start()
    loop.exec()
    working.join()
    timer.stop()
    gaps = [(after - before) * 1_000 for before, after in pairwise(beats)]
    return max(gaps, default=0.0) - _EVERY_MS


def _growth_mib(setting: Setting, form: Format, folder: Path) -> int | None:
    """Return how much more memory a whole export takes at its peak."""
    gc.collect()
    forget_peak()
    before = peak_mib()
    _export(setting.session, folder / f"grown.{form}", form, _never)
    after = peak_mib()
    return None if before is None or after is None else after - before


def _never(_done: int) -> None:
    return
