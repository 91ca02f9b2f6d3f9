"""Version 1 as it was first spoken: today's program reads it, and means the same by it."""

import hashlib
import inspect

import msgspec
import pytest

from tests.wire.examples import (
    APPROVAL,
    CORRECTION,
    DISPATCH,
    DISPATCH_ROWS,
    FOLDER,
    MESSAGES,
    example,
)
from trafficdesk.domain.authority import may_touch, permission_for
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire import accounts, exchange, live, positions
from trafficdesk.wire.operations import canonical, digest
from trafficdesk.wire.rows import check_row, fits
from trafficdesk.wire.signing import signed_bytes
from trafficdesk.wire.values import may_be_written

# Within other messages.
PARTS = {"Scope", "Record", "Outcome", "FeedEvent", "Gone", "User", "Replaced", "Brought"}
PARTS |= {"Doubted", "UnitPosition"}
# Operations are told apart by these for ever: a desk may send one again after years.
DIGESTS = {
    "approval": (APPROVAL, "60a416f7de638b28be78e21b09df02c3237f0132a641617e506f8a6a87ac8e72"),
    "call for help": (
        DISPATCH[-1],
        "4f247953b9d552c41734d2f2012377f5079bad6dd223dabedd914f0cf132bd25",
    ),
    "correction": (CORRECTION, "819f45759a96069b1014d48db568c4ae6ce684ab711cf8f3db557f5bffdc6ad1"),
}


def test_every_message_has_an_example() -> None:
    messages = {
        name
        for module in (accounts, exchange, live, positions)
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__
    }
    assert messages - PARTS == {type(message).__name__ for message in MESSAGES.values()}
    assert {file.stem for file in FOLDER.iterdir()} == set(MESSAGES)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_an_example_is_read_and_written_as_it_was(name: str) -> None:
    message = MESSAGES[name]
    read = msgspec.json.decode(example(name), type=type(message))
    assert read == message
    assert msgspec.json.decode(msgspec.json.encode(read)) == msgspec.json.decode(example(name))


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_members_of_a_later_version_are_passed_over(name: str) -> None:
    later = msgspec.json.decode(example(name))
    later["mood"] = {"fine": True}
    kind = type(MESSAGES[name])
    assert msgspec.json.decode(msgspec.json.encode(later), type=kind) == MESSAGES[name]


@pytest.mark.parametrize("name", sorted(DIGESTS))
def test_an_operation_keeps_its_digest(name: str) -> None:
    operation, known = DIGESTS[name]
    assert digest(operation).hex() == known
    assert hashlib.sha256(canonical(operation)).hexdigest() == known


def test_the_order_of_changes_does_not_matter_to_the_digest() -> None:
    turned = dict(reversed(list(CORRECTION.changes.items())))
    assert digest(msgspec.structs.replace(CORRECTION, changes=turned)) == digest(CORRECTION)


def test_what_is_signed_of_a_request_stays_the_same() -> None:
    signed = signed_bytes("post", "/api/v1/sync/push", b"{}", "next-turn")
    assert signed.decode().splitlines() == [
        "trafficdesk-request-1",
        "POST",
        "/api/v1/sync/push",
        hashlib.sha256(b"{}").hexdigest(),
        "next-turn",
    ]


def test_the_examples_of_dispatch_say_what_may_be_said() -> None:
    for operation in DISPATCH:
        entity = Entity(operation.entity)
        assert permission_for(entity, operation.action) is not None
        for name, (_, new) in operation.changes.items():
            assert may_touch(entity, operation.action, name)
            assert may_be_written(entity, name, new), name
            assert fits(entity, name, new), name
    for kind, row in DISPATCH_ROWS.items():
        check_row(kind, row)
