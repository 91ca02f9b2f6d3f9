"""The baseline's own process: plain ``sqlite3`` on a plain copy, asked by JSON lines on its pipes.

It runs alone because a process that loads the system's SQLite beside SQLCipher writes plain files.
"""

import json
import sqlite3
import sys
from time import perf_counter_ns
from typing import Any

CACHED_STATEMENTS = 256
# As in ``trafficdesk.store.driver``: what one side saves, the other saves.
sqlite3.register_adapter(type(None), dict[None, None]().get)
sqlite3.register_adapter(bytes, bytes)
_connection: sqlite3.Connection | None = None


def _values(sent: list[Any]) -> tuple[Any, ...]:
    """Return bound values; bytes came as ``{"hex": …}``."""
    return tuple(bytes.fromhex(v["hex"]) if isinstance(v, dict) else v for v in sent)


def _open(path: str, pragmas: list[str]) -> dict[str, Any]:
    global _connection  # noqa: PLW0603 - one process, one connection
    if _connection is not None:
        _connection.close()
    _connection = sqlite3.connect(path, isolation_level=None, cached_statements=CACHED_STATEMENTS)
    # As long as SpatiaLite's of a point; the plain file has nothing that reads it.
    _connection.create_function("MakePoint", 3, lambda *_place: bytes(60), deterministic=True)
    for pragma in pragmas:
        _connection.execute(f"PRAGMA {pragma}").fetchall()
    return {"version": sqlite3.sqlite_version}


def _read(sql: list[str], values: list[list[Any]]) -> dict[str, Any]:
    """Time statements run one after another, each fetched whole as plain tuples."""
    if _connection is None:
        raise RuntimeError("nothing is open")
    work = [(s, _values(v)) for s, v in zip(sql, values, strict=True)]
    started = perf_counter_ns()
    found = [_connection.execute(s, v).fetchall() for s, v in work]
    ns = perf_counter_ns() - started
    return {"ns": ns, "rows": sum(map(len, found)), "last": [repr(rows[-1:]) for rows in found]}


def _write(sql: list[str], values: list[list[Any]]) -> dict[str, Any]:
    """Time statements committed as one transaction."""
    if _connection is None:
        raise RuntimeError("nothing is open")
    work = [(s, _values(v)) for s, v in zip(sql, values, strict=True)]
    started = perf_counter_ns()
    _connection.execute("BEGIN IMMEDIATE")
    for s, v in work:
        _connection.execute(s, v).fetchall()
    _connection.execute("COMMIT")
    return {"ns": perf_counter_ns() - started}


def main() -> None:
    """Answer one line with one line until the pipe closes."""
    answers: dict[str, Any] = {
        "open": _open,
        "read": _read,
        "write": _write,
    }
    for line in sys.stdin:
        asked = json.loads(line)
        answer = answers[asked.pop("do")](**asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
