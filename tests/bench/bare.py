"""Plain ``sqlite3`` in a process of its own, on a plain copy of a desk's store."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from trafficdesk.services.session import Session
from trafficdesk.store.connection import BUSY_TIMEOUT_MS, PAGE_CACHE_KIB
from trafficdesk.store.driver import dbapi2
from trafficdesk.store.fulltext import plate_words

Statement = tuple[str, tuple[object, ...]]
PLAIN_NAME = "plain.db"
# The same settings as the desk's own connections, all but the key.
PRAGMAS = (
    f"busy_timeout = {BUSY_TIMEOUT_MS}",
    "journal_mode = WAL",
    "synchronous = FULL",
    f"cache_size = -{PAGE_CACHE_KIB}",
    "temp_store = MEMORY",
    "foreign_keys = ON",
)
# A text index that the system's older SQLite can read too; otherwise the desk's own.
_PLAIN_TEXT = """
DROP TABLE report_text;
CREATE VIRTUAL TABLE report_text USING fts5(
  description, address, plate, reference, content = '', prefix = '2 3 4',
  tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO report_text (rowid, description, address, plate, reference)
SELECT pk, description, trim(address || ' ' || area), plate_words(plate), reference FROM reports;
"""


class Answer(NamedTuple):
    """What the bare engine needed, in milliseconds, and what it found."""

    ms: float
    rows: int


def make_plain_copy(session: Session, target: Path) -> None:
    """Write the store's tables and indexes into a plain file, without SpatiaLite's triggers."""
    making = target.with_suffix(".making")
    making.unlink(missing_ok=True)
    connection = dbapi2.connect(str(session.profile.database), isolation_level=None)
    try:
        connection.execute(f"PRAGMA key = \"x'{session.key.hex()}'\"")
        connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(making),))
        connection.execute("SELECT sqlcipher_export('plain')")
        connection.execute("DETACH DATABASE plain")
    finally:
        connection.close()
    connection = dbapi2.connect(str(making), isolation_level=None)
    try:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.create_function("plate_words", 1, plate_words)
        connection.executescript(_PLAIN_TEXT)
    finally:
        connection.close()
    making.rename(target)


class Bare:
    """The child process; made by ``bare_engine``."""

    def __init__(self, process: "subprocess.Popen[str]", database: Path) -> None:
        self._process = process
        self.version = str(self._ask("open", path=str(database), pragmas=PRAGMAS)["version"])

    def _ask(self, what: str, **more: object) -> dict[str, Any]:
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        if pipe_in is None or pipe_out is None:
            raise RuntimeError("the baseline has no pipes")
        pipe_in.write(json.dumps({"do": what, **more}, default=_hex) + "\n")
        pipe_in.flush()
        line = pipe_out.readline()
        if not line:
            raise RuntimeError(f"the baseline ended with code {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def read(self, statements: Sequence[Statement]) -> Answer:
        """Time reading statements run in a row."""
        answer = self._ask(
            "read", sql=[s for s, _ in statements], values=[v for _, v in statements]
        )
        return Answer(answer["ns"] / 1e6, int(answer["rows"]))

    def write(self, statements: Sequence[Statement]) -> float:
        """Time statements committed as one transaction; return milliseconds."""
        answer = self._ask(
            "write", sql=[s for s, _ in statements], values=[v for _, v in statements]
        )
        return float(answer["ns"]) / 1e6


def _hex(value: object) -> object:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    raise TypeError(type(value))


@contextmanager
def bare_engine(database: Path) -> Iterator[Bare]:
    """Start the child on a plain database; it ends with the block."""
    child = Path(__file__).with_name("bare_child.py")
    with subprocess.Popen(
        [sys.executable, "-I", str(child)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Bare(process, database)
        finally:
            if process.stdin is not None:
                process.stdin.close()


def find_plain_copy(session: Session) -> Path:
    """Return the plain copy that lies beside a cached desk, making it first if it is not there."""
    target = session.profile.folder / PLAIN_NAME
    if not target.exists():
        make_plain_copy(session, target)
    return target
