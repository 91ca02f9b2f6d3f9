"""What the citizen wrote, and who they are for those who ask and may know."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QVBoxLayout, QWidget

from trafficdesk.domain.records import CitizenIdentity
from trafficdesk.domain.texts import isolated
from trafficdesk.qt.theme.fonts import font
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Label, SectionHeading

_LINE_PERCENT = 145


class _Words(QTextBrowser):
    """Plain words with room between the lines, as tall as they need."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def restyle(self) -> None:
        """Take font and colours from the look that holds now."""
        self.setFont(font(13))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(palette.ColorRole.Text, colour("text"))
        self.setPalette(palette)
        self._grow()

    def show_words(self, words: str) -> None:
        """Show the text; it can't reorder what stands around it."""
        self.setPlainText(words)
        block = QTextBlockFormat()
        block.setLineHeight(
            _LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        )
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(block)
        self._grow()

    def _grow(self) -> None:
        self.setFixedHeight(round(self.document().size().height()) + 2)

    def sizeHint(self) -> QSize:
        return QSize(px(200), round(self.document().size().height()) + 2)


class CitizenText(QWidget):
    """``asked`` when the officer wants to see who reported."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.heading = SectionHeading(self.tr("Citizen wrote"))
        self.words = _Words()
        self.words.setAccessibleName(self.tr("What the citizen wrote"))
        self.reveal = ActionButton(
            self.tr("Show who reported"), "", Kind.GHOST, "user-round", height_px=28
        )
        self.reveal.set_hint(self.tr("Reading this is written to the audit."))
        self.reveal.clicked.connect(self.asked)
        self.identity = Label("", 13, 500).set_wrapped().set_selectable()
        self.audited = Label(
            self.tr("That you have read this is in the audit."), 12, 400, "text2"
        ).set_wrapped()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self.words)
        column.addWidget(self.reveal, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.identity)
        column.addWidget(self.audited)
        column.addStretch(1)

    def show_words(
        self, words: str, *, is_officers: bool = False, is_imported: bool = False
    ) -> None:
        """Show what was written with the report, and by whom if that is known."""
        if is_imported:
            heading = self.tr("Description")
        else:
            heading = self.tr("Officer wrote") if is_officers else self.tr("Citizen wrote")
        self.heading.label.setText(heading)
        self.words.show_words(words or self.tr("Nothing was written."))

    def show_reporter(self, refusal: str | None) -> None:
        """Offer to show who reported; ``None``: nobody is known, else why it is refused or ""."""
        self.reveal.setVisible(refusal is not None)
        self.reveal.set_refusal(refusal or "")
        self.identity.hide()
        self.audited.hide()

    def show_identity(self, identity: CitizenIdentity) -> None:
        """Show who it was, until another report is shown."""
        lines = (identity.name, identity.phone, identity.email)
        self.identity.setText("\n".join(isolated(line) for line in lines if line))
        self.reveal.hide()
        self.identity.show()
        self.audited.show()

    def show_failure(self, sentence: str) -> None:
        """Say why nobody can be shown."""
        self.identity.setText(sentence)
        self.identity.show()
