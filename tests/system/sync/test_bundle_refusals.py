"""Bundles that are not what they seem: each is refused with its reason, and nothing is changed."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync_server.bundles.answering import answer
from sync_server.bundles.service import import_request
from sync_server.db.engine import Crossing
from tests.server.live import Live
from tests.server.world import World
from tests.system.sync.carrying import ask, now_ms, respond, take
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.security.device import new_device
from trafficdesk.store.engine import Store
from trafficdesk.sync import bundle_requests, link
from trafficdesk.sync.bundling import make_request
from trafficdesk.wire.boxes import public_key_of
from trafficdesk.wire.bundles import (
    SERVER,
    BundleError,
    BundleFault,
    Kind,
    Part,
    RequestHead,
    Signer,
    close_bundle,
    decoded,
    open_bundle,
    packed,
    read_parts,
)


def _fault(act: Callable[[], object]) -> BundleFault:
    with pytest.raises(BundleError) as refused:
        act()
    return refused.value.fault


def _known(world: World) -> int:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        found = connection.execute(
            "SELECT count(*) AS n FROM operations WHERE tenant_id = %s", [world.tenant_id]
        ).fetchone()
    assert found is not None
    return int(found["n"])


def _resigned(world: World, desk: SyncedDesk, request: bytes, **changes: object) -> bytes:
    """Return a request whose head the desk itself, with its key, made to say something else."""
    server = world.live.server
    opened = open_bundle(request, server.keys.sealing, [Kind.REQUEST])
    parts = [(Part(kind), found) for kind, found in read_parts(opened.content)]
    head = msgspec.structs.replace(decoded(parts[0][1], RequestHead), **changes)
    parts[0] = (Part.HEAD, msgspec.json.encode(head))
    signer = Signer(opened.signer_id, desk.session.device.sign)
    return close_bundle(Kind.REQUEST, server.keys.sealing_public_key, signer, packed(parts))


def test_the_server_takes_a_request_in_once(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    desk.file()
    request = ask(desk)
    import_request(world.live.server, request)
    assert _fault(lambda: import_request(world.live.server, request)) is BundleFault.REPLAYED
    assert _known(world) == 1


def test_an_older_request_after_a_newer_one_is_refused(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    desk.file()
    older = ask(desk)
    desk.file()
    newer = ask(desk)
    import_request(world.live.server, newer)
    assert _known(world) == 2
    assert _fault(lambda: import_request(world.live.server, older)) is BundleFault.OLDER


def test_a_request_that_was_cut_short_while_it_was_taken_in_is_repeated(
    add_desk: AddDesk, world: World
) -> None:
    desk = add_desk()
    desk.file()
    request = ask(desk)
    import_request(world.live.server, request)
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(  # as a kill would have left it
            "UPDATE bundles SET done_at = NULL WHERE device_id = %s", [desk.session.device_id]
        )
    assert import_request(world.live.server, request).results == {"applied": 1}
    assert _known(world) == 1


def test_two_desks_with_one_key_are_found_out(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    request = ask(desk)
    twin = _resigned(world, desk, request, bundle_id=new_id())
    import_request(world.live.server, request)
    assert _fault(lambda: import_request(world.live.server, twin)) is BundleFault.COPIED


def test_a_request_of_another_tenant_or_desk_is_refused(add_desk: AddDesk, world: World) -> None:
    desk, other = add_desk(), add_desk()
    desk.file()
    request = ask(desk)
    server = world.live.server
    foreign = _resigned(world, desk, request, tenant_id=new_id())
    assert _fault(lambda: import_request(server, foreign)) is BundleFault.OTHER_TENANT
    posing = _resigned(world, desk, request, device_id=other.session.device_id)
    assert _fault(lambda: import_request(server, posing)) is BundleFault.OTHER_DEVICE
    assert _known(world) == 0


def test_a_request_signed_by_another_desk_is_forged(add_desk: AddDesk, world: World) -> None:
    desk, other = add_desk(), add_desk()
    server = world.live.server
    content = open_bundle(ask(desk), server.keys.sealing, [Kind.REQUEST]).content
    signer = Signer(desk.session.device_id, other.session.device.sign)
    forged = close_bundle(Kind.REQUEST, server.keys.sealing_public_key, signer, content)
    assert _fault(lambda: import_request(server, forged)) is BundleFault.FORGED
    stranger = Signer(new_id(), other.session.device.sign)
    unknown = close_bundle(Kind.REQUEST, server.keys.sealing_public_key, stranger, content)
    assert _fault(lambda: import_request(server, unknown)) is BundleFault.UNKNOWN_DEVICE


def test_operations_of_another_desk_do_not_pass_in_a_bundle(
    add_desk: AddDesk, world: World
) -> None:
    desk, other = add_desk(), add_desk()
    other.file()
    server = world.live.server
    stolen = open_bundle(ask(other), server.keys.sealing, [Kind.REQUEST]).content
    mine = open_bundle(ask(desk), server.keys.sealing, [Kind.REQUEST]).content
    head = next(iter(read_parts(mine)))[1]
    operations = [found for kind, found in read_parts(stolen) if kind == Part.PUSH]
    content = packed([(Part.HEAD, head), *((Part.PUSH, each) for each in operations)])
    signer = Signer(desk.session.device_id, desk.session.device.sign)
    bundle = close_bundle(Kind.REQUEST, server.keys.sealing_public_key, signer, content)
    assert import_request(server, bundle).results == {"rejected": 1}


def test_a_request_for_another_server_cannot_be_opened(add_desk: AddDesk, own_live: Live) -> None:
    request = ask(add_desk())
    assert _fault(lambda: import_request(own_live.server, request)) is BundleFault.OTHER_RECEIVER


def test_a_revoked_desk_gives_and_gets_nothing(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    desk.file()
    request, server = ask(desk), world.live.server
    with server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "UPDATE devices SET revoked_at = now() WHERE id = %s", [desk.session.device_id]
        )
    assert _fault(lambda: import_request(server, request)) is BundleFault.REVOKED
    assert _fault(lambda: answer(server, desk.session.device_id)) is BundleFault.REVOKED
    assert _known(world) == 0


def test_a_part_that_cannot_be_read_keeps_the_parts_before_it_out(
    add_desk: AddDesk, world: World
) -> None:
    desk, server = add_desk(), world.live.server
    desk.file()
    content = open_bundle(ask(desk), server.keys.sealing, [Kind.REQUEST]).content
    parts = [(Part(kind), found) for kind, found in read_parts(content)]
    bad = packed([*parts, (Part.PUSH, b'{"protocol": 1, "operations": [{}]}')])
    signer = Signer(desk.session.device_id, desk.session.device.sign)
    bundle = close_bundle(Kind.REQUEST, server.keys.sealing_public_key, signer, bad)
    assert _fault(lambda: import_request(server, bundle)) is BundleFault.DAMAGED
    assert _known(world) == 0


def test_the_server_has_no_answer_before_it_was_asked(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    server = world.live.server
    fault = _fault(lambda: answer(server, desk.session.device_id))
    assert fault is BundleFault.NOTHING_TAKEN
    assert _fault(lambda: answer(server, new_id())) is BundleFault.UNKNOWN_DEVICE


def test_a_desk_takes_an_answer_in_once(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    report = desk.file()
    reply = respond(world, desk, ask(desk))
    take(desk, reply)
    version = desk.report(report.id).version
    assert _fault(lambda: take(desk, reply)) is BundleFault.REPLAYED
    assert desk.report(report.id).version == version


def test_an_older_answer_after_a_newer_one_is_refused(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    report = desk.file()
    older = respond(world, desk, ask(desk))
    desk.step(report.id, Move.APPROVE)
    newer = respond(world, desk, ask(desk))
    take(desk, newer)
    assert _fault(lambda: take(desk, older)) is BundleFault.OLDER
    assert desk.report(report.id).version == 2


def test_answers_in_their_order_are_all_taken(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    report = desk.file()
    first = respond(world, desk, ask(desk))
    desk.step(report.id, Move.APPROVE)
    second = respond(world, desk, ask(desk))
    assert take(desk, first).results == {"applied": 1}
    assert take(desk, second).results == {"applied": 1}
    assert desk.counts() == (0, 0, 0, 0)


def test_an_answer_for_another_desk_is_refused(add_desk: AddDesk, world: World) -> None:
    desk, other = add_desk(), add_desk()
    reply = respond(world, other, ask(other))
    ask(desk)
    assert _fault(lambda: take(desk, reply)) is BundleFault.OTHER_RECEIVER


def _answer_by(desk: SyncedDesk, signing: Ed25519PrivateKey, content: bytes) -> bytes:
    with desk.session.store.reading() as connection:
        asked = bundle_requests.get(connection).asked[-1]
    signer = Signer(SERVER, signing.sign)
    return close_bundle(Kind.ANSWER, public_key_of(asked.private_key), signer, content)


def _content_of(desk: SyncedDesk, reply: bytes) -> bytes:
    with desk.session.store.reading() as connection:
        asked = bundle_requests.get(connection).asked[-1]
    return open_bundle(reply, asked.private_key, [Kind.ANSWER]).content


def test_an_answer_that_the_server_did_not_sign_is_forged(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    report = desk.file()
    content = _content_of(desk, respond(world, desk, ask(desk)))
    forged = _answer_by(desk, Ed25519PrivateKey.generate(), content)
    assert _fault(lambda: take(desk, forged)) is BundleFault.FORGED
    assert desk.counts() == (0, 1, 0, 0)
    assert desk.report(report.id).version == 0


def test_an_answer_for_another_tenant_is_refused(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    reply = respond(world, desk, ask(desk))
    with desk.session.store.writing() as connection:
        enrolled = link.find_link(connection)
        assert enrolled is not None
        other = msgspec.structs.replace(enrolled, tenant_id=new_id())
        for name, value in link.as_facts(other, link.get_marks(connection)).items():
            connection.exec_driver_sql("UPDATE facts SET value = ? WHERE name = ?", (value, name))
    assert _fault(lambda: take(desk, reply)) is BundleFault.OTHER_TENANT


def test_an_answer_with_one_unreadable_part_changes_nothing(
    add_desk: AddDesk, world: World
) -> None:
    desk = add_desk()
    report = desk.file()
    content = _content_of(desk, respond(world, desk, ask(desk)))
    parts = [(Part(kind), found) for kind, found in read_parts(content)]
    bad = _answer_by(
        desk, world.live.server.keys.signing, packed([*parts, (Part.CHANGES, b'{"epoch": 1}')])
    )
    assert _fault(lambda: take(desk, bad)) is BundleFault.DAMAGED
    assert desk.counts() == (0, 1, 0, 0)
    assert desk.report(report.id).version == 0


def test_an_answer_from_before_an_epoch_that_the_desk_has_met_is_older(
    add_desk: AddDesk, world: World
) -> None:
    desk = add_desk()
    desk.sync()
    reply = respond(world, desk, ask(desk))
    with desk.session.store.writing() as connection:
        met = msgspec.structs.replace(link.get_marks(connection), epoch=new_id())
        link.put_marks(connection, met)
    assert _fault(lambda: take(desk, reply)) is BundleFault.OLDER


def test_a_desk_that_missed_a_restore_hears_of_it_before_anything_is_taken(
    add_desk: AddDesk, world: World
) -> None:
    desk = add_desk()
    report = desk.file()
    take(desk, respond(world, desk, ask(desk)))
    with desk.session.store.writing() as connection:
        before = msgspec.structs.replace(link.get_marks(connection), epoch=new_id())
        link.put_marks(connection, before)
    desk.step(report.id, Move.APPROVE)
    taken = take(desk, respond(world, desk, ask(desk)))
    assert not taken.results
    assert taken.unread == {world.city_id}
    assert desk.counts().queued == 2  # what a restore may have lost goes again, in its order
    taken = take(desk, respond(world, desk, ask(desk)))
    assert not taken.unread
    assert desk.counts() == (0, 0, 0, 0)
    assert desk.report(report.id).version == 2


def test_a_desk_of_its_own_has_nobody_to_exchange_with(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "desk.db", "ab" * 32)
    fault = _fault(lambda: make_request(store, new_device(), now_ms()))
    store.close()
    assert fault is BundleFault.NOT_ENROLLED
