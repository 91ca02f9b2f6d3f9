"""How a form of the dispatch screen is framed: its head, what is filled in, and its foot."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.panels import ScrollPanel


def frame_form(
    form: QWidget, head: tuple[QWidget, QWidget], content: QWidget, foot: tuple[QWidget, QWidget]
) -> None:
    """Lay a form out: title and cancel, ``content`` that scrolls, message and submit."""
    above = QHBoxLayout()
    above.setContentsMargins(16, 8, 8, 8)
    above.addWidget(head[0], 1)
    above.addWidget(head[1])
    below = QHBoxLayout()
    below.setContentsMargins(16, 8, 16, 8)
    below.addWidget(foot[0], 1)
    below.addWidget(foot[1], 0, Qt.AlignmentFlag.AlignRight)
    whole = QVBoxLayout(form)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    whole.addLayout(above)
    whole.addWidget(Hairline())
    whole.addWidget(ScrollPanel(content), 1)
    whole.addWidget(Hairline())
    whole.addLayout(below)
