"""Where keys of the conflict desk's commands stand on its widgets."""

from functools import partial
from typing import TYPE_CHECKING

from trafficdesk.qt.conflicts.listing import OPEN, PARKED, SETTLED
from trafficdesk.qt.conflicts.table_head import MINE, RESULT, THEIRS
from trafficdesk.qt.key_hints import Hint

if TYPE_CHECKING:
    from trafficdesk.qt.conflicts.workspace import ConflictsWorkspace


def conflict_hints(desk: "ConflictsWorkspace") -> tuple[Hint, ...]:
    """Return which command's key each widget of the conflict desk shows."""
    column, page, bulk = desk.column, desk.page, desk.parked.bulk
    return (
        *(
            (f"conflicts.tab_{tab}", partial(column.set_tab_key, tab))
            for tab in (OPEN, SETTLED, PARKED)
        ),
        ("conflicts.filter", column.filters.set_filter_key),
        ("conflicts.need_me", column.filters.set_need_key),
        ("conflicts.order", column.filters.sort.set_key),
        ("conflicts.undo", column.toast.set_key),
        ("conflicts.fields", page.all_fields.set_key),
        ("conflicts.note", page.note_key.set_key),
        ("conflicts.bulk", page.bulk.set_key),
        ("conflicts.map", page.evidence.map_key.set_key),
        ("conflicts.mine", page.deletion.mine.key.set_key),
        ("conflicts.theirs", page.deletion.theirs.key.set_key),
        ("conflicts.mine", partial(page.table.set_key, MINE)),
        ("conflicts.theirs", partial(page.table.set_key, THEIRS)),
        ("conflicts.edit", partial(page.table.set_key, RESULT)),
        ("conflicts.retry", bulk.retry.set_key),
        ("conflicts.withdraw", bulk.withdraw.set_key),
    )
