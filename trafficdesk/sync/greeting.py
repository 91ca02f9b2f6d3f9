"""The first words of a connection: which version is spoken, whose epoch and scope it is."""

from typing import Final

import msgspec

from trafficdesk import __version__
from trafficdesk.store import arriving, outbox, sync_marks
from trafficdesk.sync import link
from trafficdesk.sync.access import Access
from trafficdesk.sync.line import Call
from trafficdesk.wire.exchange import AWAITS_NEWER_SERVER, SPOKEN, Hello, Welcome

HELLO: Final = "/api/v1/sync/hello"


def greet(access: Access) -> Welcome:
    """Say hello, and draw from the answer what follows for cursors and outbox.

    Another epoch means that the server was restored: what it may have lost is queued again. Another
    epoch, scope or version of the protocol means that the cities are read anew.

    Raises:
        SyncError: nothing was changed.
    """
    with access.store.reading() as connection:
        before = link.get_marks(connection)
    hello = Hello(speaks=SPOKEN, program=__version__, epoch=before.epoch)
    welcome = access.ask(Call("POST", HELLO, msgspec.json.encode(hello)), Welcome)
    scope = welcome.scope
    after = msgspec.structs.replace(
        before,
        epoch=welcome.epoch,
        scope_id=scope.id,
        city_ids=tuple(scope.city_ids),
        protocol=welcome.protocol,
        server_program=welcome.program,
    )
    with access.store.writing() as connection:
        kept = link.get_marks(connection)
        if before.epoch is not None and before.epoch != welcome.epoch:
            for city_id in scope.city_ids:
                restored_at = welcome.restored_at.get(str(city_id), 0)
                outbox.requeue_after(connection, city_id, restored_at)
            arriving.distrust_versions(connection)
        if (before.epoch, before.scope_id, before.protocol) != (
            welcome.epoch,
            scope.id,
            welcome.protocol,
        ):
            sync_marks.forget_cursors(connection)
        if before.server_program != welcome.program:
            outbox.requeue(connection, [str(reason) for reason in AWAITS_NEWER_SERVER])
        link.put_marks(
            connection,
            msgspec.structs.replace(
                after, refresh_token=kept.refresh_token, user_id=kept.user_id, turn=kept.turn
            ),
        )
    return welcome
