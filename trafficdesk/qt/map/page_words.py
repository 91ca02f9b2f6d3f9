"""The words the page shows, translated, with the keys of the desk's commands in its tooltips."""

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QGuiApplication

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.words import severity_word


def _say(source: str) -> str:
    return QCoreApplication.translate("MapPage", source)


def page_words(commands: Commands) -> dict[str, str]:
    """Return every word of the page by its name there."""

    def keyed(words: str, command_id: str) -> str:
        key = commands.first_key(command_id)
        return f"{words}  ({key})" if key else words

    is_mirrored = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return {
        "zoomIn": keyed(_say("Zoom in"), "map.zoom_in"),
        "zoomOut": keyed(_say("Zoom out"), "map.zoom_out"),
        "fit": keyed(_say("Whole city"), "map.fit"),
        "measure": keyed(_say("Measure"), "map.measure"),
        "draw": keyed(_say("Draw an area"), "map.draw"),
        "finish": _say("Finish"),
        "cancel": _say("Cancel"),
        "undoPoint": _say("Take the last point back"),
        **_hints(),
        "legend": _say("Legend"),
        "reports": _say("Reports"),
        "critical": severity_word(Severity.CRITICAL),
        "severe": severity_word(Severity.SEVERE),
        "moderate": severity_word(Severity.MODERATE),
        "minor": severity_word(Severity.MINOR),
        "sketch": _say("Sketch, not for navigation"),
        "cluster": _say("reports"),
        "conflict": _say("Conflict"),
        "hotspot": _say("Hotspot, 500 m, by rank: 1 has most"),
        "hotspotMaybe": _say("So full a place may be chance"),
        "estimated": _say("Numbers estimated from one report in {n}"),
        "map": _say("Map"),
        "km": _say("km"),
        "m": _say("m"),
        "dir": "rtl" if is_mirrored else "ltr",
        "language": QLocale().name(),
    }


def _hints() -> dict[str, str]:
    """Return what the tools' banner says."""
    return {
        "drawHint": _say(
            "Click the corners, double-click to finish. By keyboard: arrows, Space sets a "
            "corner, Enter finishes, Esc gives up."
        ),
        "shapeHint": _say(
            "Drag the corners, click to add one, right-click to take one away. By keyboard: "
            "arrows, Space and Backspace; Enter keeps the shape, Esc gives up."
        ),
        "measureHint": _say(
            "Click along the way. By keyboard: arrows, Space sets a point, Esc ends."
        ),
    }
