"""Which report this one repeats: scored candidates or a typed reference, side by side."""

from datetime import tzinfo

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from trafficdesk.domain.lifecycle import Move
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.review.choice_grid import ChoiceGrid
from trafficdesk.qt.review.deciding import move_decision
from trafficdesk.qt.review.decision_panel import DecisionPanel
from trafficdesk.qt.review.detail_source import find_detail
from trafficdesk.qt.review.photos import Photos
from trafficdesk.qt.review.report_card import ReportCard
from trafficdesk.qt.review.same_event_words import same_choice, why
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import ElidedLabel
from trafficdesk.services.board import ReportDetail
from trafficdesk.services.listing import find_by_reference
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.review import Step
from trafficdesk.services.session import Session


class DuplicatePanel(DecisionPanel):
    """Offers what may be the same event and shows the choice beside this report."""

    def __init__(
        self, detail: ReportDetail, session: Session, lanes: Lanes, photos: Photos, zone: tzinfo
    ) -> None:
        super().__init__(
            QCoreApplication.translate("DuplicatePanel", "Which report does this one repeat?"),
            QCoreApplication.translate(
                "DuplicatePanel", "Press a number or type a reference, then Enter."
            ),
        )
        self._detail = detail
        self._session = session
        self._lanes = lanes
        self._original: ReportDetail | None = None
        near = detail.may_be_same
        self._pks = tuple(each.row.pk for each in near)
        self._why = {each.row.pk: why(each) for each in near}
        self.candidates = ChoiceGrid(
            self.tr("Likely original"),
            tuple(map(same_choice, near)),
            columns=2,
        )
        self.candidates.picked.connect(self._picked)
        self.mine = ReportCard(self.tr("This report"), photos, zone)
        self.other = ReportCard(self.tr("The original"), photos, zone)
        self.why = ElidedLabel("", 12, 400, "text2")
        self.reference = InputField(self.tr("Reference of the original"), shows_name=False)
        self.reference.set_placeholder(self.tr("Reference of the original"))
        self.reference.submitted.connect(self._look_up)
        self.button = ActionButton(self.tr("Duplicate"), "Enter", Kind.PRIMARY, height_px=36)
        self.button.clicked.connect(self.submit)
        self._lay_out()
        self.mine.show_detail(detail)
        self.other.hide()
        self.candidates.setVisible(bool(near))
        self.why.hide()
        if near and near[0].is_likely:  # what is not likely is the officer's to choose
            self.candidates.pick(1)
        self._tell()

    def _lay_out(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(24)
        cards.addWidget(self.mine, 1)
        cards.addWidget(self.other, 1)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.reference, 1)
        line.addWidget(self.button)
        lower = QVBoxLayout()
        lower.setSpacing(10)
        lower.addLayout(cards)
        lower.addWidget(self.why)
        lower.addLayout(line)
        self.body.addWidget(self.candidates)
        self.body.addLayout(lower)

    def pick(self, number: int) -> None:
        self.candidates.pick(number)

    def choose(self, pk: int) -> None:
        """Take a candidate by its number in the store."""
        if pk in self._pks:
            self.candidates.pick(self._pks.index(pk) + 1)

    def _picked(self, number: int) -> None:
        self._load(self._pks[number - 1])

    def _load(self, pk: int) -> None:
        session = self._session
        self._lanes.owned_by(self).run(
            Lane.READER, lambda: find_detail(session, pk), self._take, key="original"
        )

    def _take(self, original: ReportDetail | None) -> None:
        self._original = original
        self.other.setVisible(original is not None)
        self.why.setText("" if original is None else self._why.get(original.report.pk, ""))
        self.why.setVisible(bool(self.why.text()))
        if original is not None:
            self.other.show_detail(original)
        self._tell()

    def _look_up(self) -> None:
        """Find a typed reference; Enter on one that is shown already decides."""
        text = self.reference.text().strip()
        if not text:
            self.submit()
            return
        session = self._session
        self._lanes.owned_by(self).run(
            Lane.READER,
            lambda: find_by_reference(session, text),
            lambda row: self._found(None if row is None else row.pk),
            key="reference",
        )

    def _found(self, pk: int | None) -> None:
        if pk is None:
            self.reference.set_error(self.tr("This desk has no report of that reference"))
            return
        self.reference.clear()
        self.candidates.mark(0)
        self._load(pk)

    def _tell(self) -> None:
        self.button.set_refusal(self.refusal())

    def refusal(self) -> str:
        if self._original is None:
            return refusal_sentence(Refusal.ORIGINAL_MISSING)
        if self._original.report.id == self._detail.report.id:
            return refusal_sentence(Refusal.DUPLICATE_OF_ITSELF)
        return ""

    def submit(self) -> None:
        if self.refusal() or self._original is None:
            self.hint.setText(self.refusal())
            self.hint.set_tint("critical")
            return
        step = Step(Move.MARK_DUPLICATE, duplicate_of=self._original.report.id)
        self.decided.emit(move_decision(step))

    def take_focus(self) -> None:
        """With candidates numbers choose; without, the reference is typed at once."""
        if self._pks:
            self.setFocus()
        else:
            self.reference.setFocus()
