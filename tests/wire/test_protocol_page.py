"""The protocol's page says of an operation exactly what the desk writes."""

import re
from pathlib import Path

from trafficdesk import wire
from trafficdesk.store.engine import Store
from trafficdesk.store.history import Operation

PAGE = Path(wire.__file__).parent / "PROTOCOL.md"


def test_the_page_lists_every_field_of_an_operation_in_order() -> None:
    table = PAGE.read_text("utf-8").split("## An operation")[1].split("\n- ")[0]
    assert tuple(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == Operation._fields


def test_every_field_but_the_revision_lies_in_the_outbox(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "desk.db", "ab" * 32)
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM pragma_table_info('outbox')").all()
    store.close()
    columns = {str(row[0]) for row in rows}
    assert set(Operation._fields) - {"revision"} == columns - {"seq", "state", "reason"}
