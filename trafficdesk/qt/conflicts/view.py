"""A conflict as it is put on screen: its record, what is around it, what was chosen."""

from dataclasses import dataclass, field

from trafficdesk.domain.conflicts import ConflictStatus
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.merge_table import Cell, TableRow
from trafficdesk.qt.conflicts.sheet import Line, Sheet
from trafficdesk.qt.conflicts.table_head import Heads
from trafficdesk.qt.conflicts.words import Reader, say
from trafficdesk.services.conflicts import ConflictDetail, Surroundings


@dataclass
class ConflictView:
    """One conflict before an officer; ``refusal`` says why they may not settle it, "" if so."""

    detail: ConflictDetail
    reader: Reader
    refusal: str = ""
    around: Surroundings = field(default_factory=Surroundings)

    def __post_init__(self) -> None:
        """Begin with nothing chosen."""
        self.sheet = Sheet(self.detail.conflict, self.detail.report)

    @property
    def is_settled(self) -> bool:
        """Tell whether it was settled."""
        return self.detail.conflict.status is ConflictStatus.SETTLED

    def rows(self, *, everything: bool) -> list[TableRow]:
        """Return the lines of the table in words."""
        return [self._row(line) for line in self.sheet.shown(everything=everything)]

    def _row(self, line: Line) -> TableRow:
        choice = self.sheet.choice(line.key)
        side = None if choice is None else choice.side
        return TableRow(
            line.key,
            words.field_title(line.key),
            self._cell(line, line.before),
            self._cell(line, line.mine),
            self._cell(line, line.theirs),
            self._cell(line, self._result(line)),
            line.is_in_question,
            side,
            line.is_same,
        )

    def _result(self, line: Line) -> object:
        if self.is_settled and line.is_in_question:
            written = self._written(line.key)
            return self.sheet.result(line) if written is None else written
        return self.sheet.result(line)

    def _written(self, key: str) -> object:
        """Return what a hand edit wrote, as far as the history of the report here tells."""
        names = {"place": "lon"}
        for event in reversed(self.around.events):
            if event.action == "settle":
                for change in event.changes:
                    if change.field == names.get(key, key) and key != "place":
                        return change.new
        return None

    def _cell(self, line: Line, raw: object) -> Cell:
        severity = None
        if line.key == "severity" and isinstance(raw, int) and raw in set(Severity):
            severity = Severity(raw)
        return Cell(words.value(line.key, raw, self.detail, self.around), severity)

    def heads(self) -> Heads:
        """Return what stands over the columns."""
        left, asked = len(self.sheet.left), len(self.sheet.asked)
        settled = say("{settled} of {asked} settled").format(settled=asked - left, asked=asked)
        conflict = self.detail.conflict
        base = min((each.at for each in conflict.operations), default=None)
        return Heads(
            (say("Field"), say("Before"), say("Mine"), say("Theirs"), say("Result")),
            (
                say("{count} in question").format(count=asked),
                say("before {moment}").format(moment=self.reader.moment(base)) if base else "",
                words.mine_head(self.detail, self.reader),
                words.theirs_head(self.detail, self.reader),
                settled,
            ),
        )
