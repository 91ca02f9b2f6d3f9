"""Knowing that the program's main thread has ended, however it did: by a bug, or by ``sys.exit``.

Threads that are no daemons keep a program alive that nobody sees any more, and daemons are cut off
in the middle of what they write. So one watcher waits for the main thread's end and lets the
others come to theirs.
"""

import threading
from collections.abc import Callable
from functools import cache

_guard = threading.Lock()
_wanted: list[Callable[[], None]] = []


def when_main_ends(act: Callable[[], None]) -> Callable[[], None]:
    """Call ``act`` from another thread once the main thread has ended; return how to take it back.

    ``act`` must not raise and must not wait.
    """
    with _guard:
        _wanted.append(act)
        _start_watcher()
    return lambda: _forget(act)


def _forget(act: Callable[[], None]) -> None:
    with _guard:
        if act in _wanted:
            _wanted.remove(act)


@cache
def _start_watcher() -> None:
    threading.Thread(target=_watch, name="main-end", daemon=True).start()


def _watch() -> None:
    threading.main_thread().join()
    with _guard:
        acts, _wanted[:] = list(_wanted), []
    for act in acts:
        act()
