"""Pages are believed only if server and scope are those that the desk greeted."""

from typing import TypeVar

from trafficdesk.sync import link
from trafficdesk.sync.access import Access
from trafficdesk.sync.errors import OtherEpochError, OtherScopeError, RefusedError
from trafficdesk.sync.line import Call
from trafficdesk.wire.codes import Code
from trafficdesk.wire.exchange import ChangesPage, HistoryPage, SnapshotPage

Page = TypeVar("Page", ChangesPage, HistoryPage, SnapshotPage)


def ask_page(access: Access, target: str, kind: type[Page]) -> Page:
    """Return a page, if nothing has changed since the server was greeted.

    A restored server has other numbers; another scope another set of records, or no such city.

    Raises:
        OtherEpochError, OtherScopeError: greet it again first.
        SyncError: there is no page.
    """
    try:
        page = access.ask(Call("GET", target), kind)
    except RefusedError as error:
        raise OtherScopeError if error.code == Code.NOT_FOUND else error from error
    with access.store.reading() as connection:
        known = link.get_marks(connection)
    if page.epoch != known.epoch:
        raise OtherEpochError
    if page.scope_id != known.scope_id:
        raise OtherScopeError
    return page
