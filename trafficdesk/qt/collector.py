"""When Python looks for garbage that holds itself alive: between two events of the GUI's loop."""

import gc
import sys
from typing import Final

from PySide6.QtCore import QObject, QTimer

TICK_MS: Final = 1_000
_MANY: Final = 20  # modules; fewer are left to the next search of all


class GuiCollector(QObject):
    """Runs the cyclic garbage collector on the GUI thread alone, and never inside a call of Qt.

    By itself Python collects in whatever thread allocates next, and a widget among the garbage
    is then destroyed there; in the GUI thread it may collect while Qt hands out a list of
    widgets, and leave dead ones in it. Both crash. So it is asked once a second instead, with
    Python's own thresholds. References are counted as ever; only cycles wait.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = False
        self._loaded = 0  # modules that were there when it last looked
        self._has_left_out = False
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._collect_due)

    def start(self) -> None:
        """Take the collecting over."""
        self._was_enabled = gc.isenabled()
        self._loaded = len(sys.modules)
        gc.disable()
        self._tick.start()

    def leave_out_loaded(self) -> None:
        """Look no more at what exists now: modules live as long as the program.

        Looking at all of them takes a hundred times as long as at what a sitting makes.
        """
        self._loaded = len(sys.modules)
        gc.freeze()

    def collect_all(self) -> None:
        """Collect everything now; what was typed shall not outlive a lock."""
        if self._has_left_out:
            # What a sitting had made when a workspace was loaded was left out with its modules.
            self._has_left_out = False
            gc.unfreeze()
            gc.collect()
            self.leave_out_loaded()
        else:
            gc.collect()

    def stop(self) -> None:
        """Give the collecting back to Python."""
        self._tick.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def _collect_due(self) -> None:
        """Collect the oldest generation whose count is over its threshold, as Python would.

        Modules that were just loaded, tens of milliseconds of them, are left out instead.
        """
        over = [
            count > threshold
            for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)
        ]
        grown = len(sys.modules) - self._loaded
        if grown >= _MANY or (grown and over[-1]):
            self._has_left_out = True
            self.leave_out_loaded()
        elif over[0]:
            gc.collect(max(generation for generation, is_over in enumerate(over) if is_over))
