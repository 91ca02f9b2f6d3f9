"""Every trap on the way to an encrypted file: each ends in an error, never in plaintext."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from trafficdesk.store.connection import PLAIN_HEADER, connect, looks_plain
from trafficdesk.store.driver import dbapi2
from trafficdesk.store.engine import Store
from trafficdesk.store.errors import (
    SpatialiteMissingError,
    StoreDamagedError,
    StoreError,
    StoreMissingError,
    StoreNotEncryptedError,
    StoreNotWritableError,
    StoreTooNewError,
    StoreUnreadableError,
)

InsertReport = Callable[..., int]
ROOT = Path(__file__).parent.parent.parent
_SECRET = "Anbarasi drove the white lorry"


def _everything_on_disk(store: Store) -> bytes:
    folder = store.database.parent
    return b"".join(path.read_bytes() for path in sorted(folder.glob("desk.db*")))


def test_neither_the_database_nor_its_log_holds_plaintext(
    store: Store, insert_report: InsertReport
) -> None:
    with store.writing() as connection:
        insert_report(connection, description=_SECRET)
    before = _everything_on_disk(store)
    store.checkpoint()
    for content in (before, _everything_on_disk(store)):
        assert _SECRET.encode() not in content
        assert b"CREATE TABLE" not in content
        assert PLAIN_HEADER not in content
    assert not looks_plain(store.database)


def test_another_key_does_not_open_the_store(store: Store) -> None:
    store.close()
    with pytest.raises(StoreUnreadableError):
        Store.open(store.database, "5b" * 32)


def test_no_key_at_all_does_not_open_the_store(store: Store) -> None:
    store.close()
    connection = dbapi2.connect(str(store.database))
    try:
        with pytest.raises(dbapi2.DatabaseError):
            connection.execute("SELECT count(*) FROM sqlite_master")
    finally:
        connection.close()


def test_what_was_written_before_the_key_was_given_is_never_opened(
    tmp_path: Path, key_hex: str
) -> None:
    """The trap that the order in ``connect`` is there for: such a file lies in the clear."""
    database = tmp_path / "desk.db"
    connection = dbapi2.connect(str(database))
    connection.execute("CREATE TABLE notes (text)")
    connection.execute(f"PRAGMA key = \"x'{key_hex}'\"")
    connection.commit()
    connection.close()
    assert looks_plain(database)
    with pytest.raises(StoreNotEncryptedError):
        Store.open(database, key_hex)


def test_a_plain_database_in_the_stores_place_is_refused_and_left_alone(
    tmp_path: Path, key_hex: str
) -> None:
    database = tmp_path / "desk.db"
    plain = dbapi2.connect(str(database))
    plain.execute("CREATE TABLE notes (text)")
    plain.commit()
    plain.close()
    before = database.read_bytes()
    assert before.startswith(PLAIN_HEADER)
    with pytest.raises(StoreNotEncryptedError):
        Store.open(database, key_hex)
    assert database.read_bytes() == before


def test_a_library_without_a_cipher_is_refused_before_anything_is_written(
    tmp_path: Path, key_hex: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class WithoutCipher:
        """SQLite itself: it takes ``PRAGMA key`` without a word and ignores it."""

        def execute(self, statement: str) -> "WithoutCipher":
            assert "CREATE" not in statement
            return self

        def fetchone(self) -> None:
            return None

        def fetchall(self) -> list[object]:
            return []

        def close(self) -> None:
            """Nothing is open."""

    monkeypatch.setattr(dbapi2, "connect", lambda *_args, **_options: WithoutCipher())
    with pytest.raises(StoreNotEncryptedError):
        connect(tmp_path / "desk.db", key_hex)


@pytest.mark.skipif(sys.platform != "linux", reason="the trap is one of ELF's global symbols")
def test_a_process_that_loaded_the_systems_sqlite_first_never_writes_in_the_clear(
    tmp_path: Path, key_hex: str
) -> None:
    database = tmp_path / "desk.db"
    child = textwrap.dedent(
        f"""
        import ctypes, ctypes.util, os, sys
        name = ctypes.util.find_library("sqlite3")
        if name is None:
            sys.exit(77)
        sys.setdlopenflags(os.RTLD_NOW | os.RTLD_GLOBAL)
        ctypes.CDLL(name, mode=os.RTLD_GLOBAL)
        import sqlite3
        sqlite3.connect(":memory:").close()
        from pathlib import Path
        from trafficdesk.store.engine import Store
        from trafficdesk.store.errors import StoreError
        try:
            Store.create(Path({str(database)!r}), {key_hex!r}).close()
        except StoreError as error:
            print(error.code)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", child], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode == 77:
        pytest.skip("this machine has no libsqlite3 of its own")
    assert not looks_plain(database), "the store was written in the clear"
    refused = done.stdout.strip() == "store.not_encrypted"
    assert refused or (done.returncode == 0 and database.exists()), done.stderr


def test_a_missing_store_is_not_made_by_opening_it(tmp_path: Path, key_hex: str) -> None:
    with pytest.raises(StoreMissingError):
        Store.open(tmp_path / "desk.db", key_hex)
    assert not list(tmp_path.iterdir())


def test_a_store_is_never_made_over_another(store: Store, key_hex: str) -> None:
    with pytest.raises(StoreNotWritableError):
        Store.create(store.database, key_hex)


def test_a_store_of_a_newer_program_is_left_alone(store: Store, key_hex: str) -> None:
    with store.maintaining() as run:
        run("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(StoreTooNewError):
        Store.open(store.database, key_hex)


@pytest.mark.parametrize("size", [0, 100, 4096, 40_000])
def test_a_truncated_store_is_told_as_damaged_and_left_alone(
    store: Store, key_hex: str, size: int
) -> None:
    store.checkpoint()
    store.close()
    content = store.database.read_bytes()[:size]
    store.database.write_bytes(content)
    with pytest.raises(StoreError) as told:
        Store.open(store.database, key_hex)
    assert isinstance(told.value, StoreUnreadableError | StoreDamagedError)
    assert store.database.read_bytes() == content


def test_a_damaged_page_is_never_read_as_data(
    store: Store, key_hex: str, insert_report: InsertReport
) -> None:
    with store.writing() as connection:
        for _ in range(50):
            insert_report(connection, description="x" * 500)
    store.checkpoint()
    store.close()
    content = bytearray(store.database.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 + 2000] ^= 0xFF
    store.database.write_bytes(content)
    with pytest.raises((StoreDamagedError, StoreUnreadableError)):
        Store.open(store.database, key_hex)


def test_a_missing_spatialite_is_said_so(
    store: Store, key_hex: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    monkeypatch.setenv("TRAFFICDESK_SPATIALITE", "nowhere")
    with pytest.raises(SpatialiteMissingError):
        Store.open(store.database, key_hex)


def test_a_connection_cannot_load_further_extensions(store: Store) -> None:
    with store.reading() as connection, pytest.raises(Exception, match="not authorized"):
        connection.exec_driver_sql("SELECT load_extension('nowhere')")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are Windows' own there")
def test_the_raw_key_is_in_no_error_and_no_log(
    store: Store, key_hex: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    store.close()
    with pytest.raises(StoreUnreadableError) as told:
        Store.open(store.database, "cd" * 32)
    printed = capfd.readouterr()
    said = f"{told.value!r}{told.value.__cause__!r}{caplog.text}{printed.out}{printed.err}"
    assert "cdcdcd" not in said
    assert key_hex not in said
