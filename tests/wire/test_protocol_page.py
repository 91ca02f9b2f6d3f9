"""The protocol's page says of an operation exactly what the desk writes."""

import re
from pathlib import Path

from trafficdesk import wire
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store.engine import Store
from trafficdesk.store.history import Operation, append, append_many
from trafficdesk.store.outbox import find_queued
from trafficdesk.store.settling import settle_all

PAGE = Path(wire.__file__).parent / "PROTOCOL.md"


def test_the_page_lists_every_field_of_an_operation_in_order() -> None:
    table = PAGE.read_text("utf-8").split("## An operation")[1].split("\n- ")[0]
    assert tuple(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == Operation._fields


def test_what_is_read_from_the_outbox_is_the_operation_that_was_written(tmp_path: Path) -> None:
    written = [_operation(number) for number in range(3)]
    store = Store.create(tmp_path / "desk.db", "ab" * 32)
    with store.writing() as connection:
        append_many(connection, written[:2])
        append(connection, written[2])
    with store.reading() as connection:
        assert find_queued(connection, 9) == list(enumerate(written, start=1))
        assert find_queued(connection, 2) == list(enumerate(written[:2], start=1))
    with store.writing() as connection:
        settle_all(connection)
    with store.reading() as connection:
        assert find_queued(connection, 9) == []
    store.close()


def _operation(number: int) -> Operation:
    return Operation(
        op_id=new_id(),
        action_id=new_id(),
        entity=Entity.REPORT,
        entity_id=new_id(),
        action="approve",
        base_version=number,
        revision=number + 1,
        changes=(FieldChange("status", "pending", "approved"), FieldChange("score", None, number)),
        note="Seen twice.",
        actor_id=new_id(),
        device_id=new_id(),
        at_ms=1_790_000_000_000 + number,
    )
