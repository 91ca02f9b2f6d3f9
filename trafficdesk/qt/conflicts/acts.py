"""What is done at the conflict desk: settling one or many, taking back, moving on what waits."""

from typing import TYPE_CHECKING
from uuid import UUID

from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.listing import PARKED
from trafficdesk.qt.conflicts.writing import Answer
from trafficdesk.services import conflicts

if TYPE_CHECKING:
    from trafficdesk.qt.conflicts.workspace import ConflictsWorkspace


class Acts:
    """Each is one command; ``Reach`` says beforehand whether it can be done."""

    def __init__(self, desk: "ConflictsWorkspace") -> None:
        self._desk = desk

    def save(self) -> None:
        """Settle this conflict as chosen and go on; a lost one is left behind."""
        desk, view = self._desk, self._desk.page.view
        if desk.lost is not None:
            desk.step(1)
        elif desk.page.map.is_walking:  # Enter takes the place; the next one saves
            desk.page.map.take()
        elif view is not None:
            side = view.sheet.one_side()
            desk.writing.settle(
                Answer(
                    [view.detail],
                    lambda _each: view.sheet.choices(),
                    desk.page.note.text(),
                    words.kept_words(side, 1),
                    words.reference(view.detail),
                )
            )
            desk.show_state()

    def settle_many(self) -> None:
        """Give the answer to all that are marked, or to all that ask the same."""
        desk, view = self._desk, self._desk.page.view
        side = None if view is None else view.sheet.one_side()
        if view is None or side is None:
            return
        chosen, many = side, desk.reach.many()
        desk.writing.settle(
            Answer(
                many,
                lambda each: conflicts.keep_side(each.conflict, chosen),
                desk.page.note.text(),
                words.kept_words(side, len(many)),
            )
        )
        desk.show_state()

    def undo(self) -> None:
        """Take back what was settled last, one or many, as one."""
        self._desk.writing.undo()

    def reopen(self) -> None:
        """Open a settled conflict again."""
        if self._desk.page.view is not None:
            self._desk.writing.reopen(self._desk.page.view.detail.conflict)

    # what was set aside

    def edit(self) -> None:
        """Write anew: a line of a conflict, or what the server would not take."""
        if self._desk.tab() == PARKED:
            self._desk.parked.edit()
        else:
            self._desk.page.edit()

    def retry(self) -> None:
        """Send it once more, or all that are marked."""
        marked = self._marked()
        if marked:
            self._desk.writing.retry(*marked)
        elif self._desk.parked.row is not None:
            self._desk.parked.row.retry.click()

    def ask_to_withdraw(self) -> None:
        """Ask whether to give it up, or all that are marked."""
        if self._marked():
            self._desk.parked.bulk.ask()
        elif self._desk.parked.row is not None:
            self._desk.parked.row.withdraw.click()

    def withdraw_marked(self) -> None:
        """Give up all that are marked."""
        self._desk.writing.withdraw(*self._marked())

    def _marked(self) -> list[UUID]:
        marked = self._desk.column.list.entries.marked
        ids = (each.operation.op_id for each in self._desk.listed.parked)
        return [op_id for op_id in ids if op_id in marked]
