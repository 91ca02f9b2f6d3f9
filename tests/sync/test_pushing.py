"""What a desk sends of an operation is what the operation says, however it is read."""

from pathlib import Path

import msgspec

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import outbox
from trafficdesk.store.engine import Store
from trafficdesk.store.history import Operation, append_many
from trafficdesk.sync.pushing import Kept, kept_of, message_of
from trafficdesk.wire.operations import Operation as Message

# Whatever JSON can hold, and letters that it may write in more than one way.
VALUES = (
    None,
    True,
    0,
    -(2**53),
    1.0,
    76.95123456789,
    1e300,
    'a "quoted" \\ line\nend \x7f \u2028 \N{TAMIL LETTER KA} </script>',
    [1, {"b": [], "a": {}}],
)


def test_an_operation_is_sent_letter_by_letter_as_it_was_before(tmp_path: Path) -> None:
    """A push whose answer was lost goes again with the same body, also after an upgrade."""
    store = Store.create(tmp_path / "desk.db", "ab" * 32)
    written = [_operation(value) for value in VALUES]
    with store.writing() as connection:
        append_many(connection, written)
        batch = outbox.take_batch(connection, 100)
    store.close()
    assert [each.operation for each in batch] == written
    sent = [msgspec.json.encode(each) for each in kept_of(batch)]
    assert sent == [msgspec.json.encode(message_of(each)) for each in written]
    assert Kept.__struct_fields__ == Message.__struct_fields__


def _operation(value: object) -> Operation:
    return Operation(
        new_id(),
        new_id(),
        Entity.REPORT,
        new_id(),
        "correct",
        3,
        7,
        (FieldChange("zone", "", value), FieldChange("area", value, "")),
        "" if value is None else f"{value}",
        new_id(),
        new_id(),
        1_795_000_000_000,
    )
