"""A paper on screen: the same words as will be printed, in the look that holds now."""

from PySide6.QtWidgets import QFrame, QTextBrowser

from trafficdesk.qt.theme.fonts import font
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.panels import use_thin_bars


class PaperView(QTextBrowser):
    """Shows the body of a paper; it can be read by keyboard, marked and copied."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._body = ""
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setProperty("pane", True)
        use_thin_bars(self)
        self.restyle()

    def show_body(self, body: str) -> None:
        """Show another body, at the place where the one before was read."""
        bar = self.verticalScrollBar()
        read_to = bar.value()
        self._body = body
        self.setHtml(f"<body>{body}</body>")
        bar.setValue(read_to)

    def restyle(self) -> None:
        """Take font and colours from the look that holds now."""
        self.setFont(font(13))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, colour("surface"))
        palette.setColor(palette.ColorRole.Text, colour("text"))
        self.setPalette(palette)
        self.document().setDocumentMargin(px(16))
        self.document().setDefaultStyleSheet(_style())
        self.show_body(self._body)


def _style() -> str:
    text, muted, warn = (colour(each).name() for each in ("text", "text2", "severe"))
    return f"""
body {{ color: {text}; }}
h1 {{ font-size: {px(20)}px; margin-top: 0; margin-bottom: {px(4)}px; }}
h2 {{ font-size: {px(15)}px; margin-top: {px(18)}px; margin-bottom: {px(4)}px; }}
p {{ margin-top: {px(2)}px; margin-bottom: {px(2)}px; }}
th {{ text-align: left; color: {muted}; font-size: {px(12)}px; font-weight: 600; }}
td {{ font-size: {px(12)}px; }}
.warn {{ color: {warn}; font-weight: 600; }}
.big {{ font-size: {px(20)}px; font-weight: 600; }}
.small {{ color: {muted}; font-size: {px(12)}px; }}
"""
