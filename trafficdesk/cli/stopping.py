"""Ctrl+C as a wish to stop that long work asks for, so that nothing stays half done."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self


class Stopping:
    """While entered, the first Ctrl+C is only noted; the second one interrupts at once."""

    def __init__(self) -> None:
        self._wanted = False
        self._before: Any = None

    def is_wanted(self) -> bool:
        """Tell whether somebody pressed Ctrl+C."""
        return self._wanted

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        if self._wanted:
            raise KeyboardInterrupt
        self._wanted = True

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._before)
