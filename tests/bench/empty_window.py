"""An empty main window and nothing else: what every Qt program in Python has to load."""

import json
import sys
from time import monotonic_ns

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow


class _FirstPaint(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            sys.stdout.write(json.dumps({"stage": "shown", "at_ns": monotonic_ns()}) + "\n")
            sys.stdout.flush()
        return False


def main() -> None:
    """Show the window, tell when it is painted, live until the input closes."""
    app = QApplication(["empty"])
    window = QMainWindow()
    window.resize(1280, 720)
    first = _FirstPaint(window)
    window.installEventFilter(first)
    window.show()
    for _ in range(20):
        app.processEvents()
    sys.stdin.read()


if __name__ == "__main__":
    main()
