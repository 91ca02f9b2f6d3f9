"""What the desk loads only when it is asked for, tried beforehand: whether a package lacks it.

Charts, photos, papers and the search for misspelt streets each come from a library that nothing
loads at the start.
"""

import io
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import walk_packages

import trafficdesk

_SIDE_PX = 400
_WORDS = "Traffic போக்குவரத்து यातायात"
# Base maps and routes are made in a checkout; what makes them is in no package.
_NOT_CARRIED = frozenset({"osmium", "valhalla"})
_ALIKE = 80


class PartError(Exception):
    """A part is there and does not do what it is for."""


def try_parts() -> str:
    """Use each once and say which. Whatever an attempt raises tells that it does not work."""
    tried = {
        "charts": _draw_a_chart,
        "photos": _take_a_photo,
        "papers": _write_a_paper,
        "misspelt names": _compare_names,
    }
    for attempt in tried.values():
        attempt()
    return ", ".join(tried)


def load_modules() -> tuple[int, list[str]]:
    """Load every module of the program; return how many did, and what kept others from it."""
    loaded, lacking = 0, list[str]()
    for module in walk_packages(trafficdesk.__path__, f"{trafficdesk.__name__}."):
        if module.name == f"{trafficdesk.__name__}.__main__":
            continue
        try:
            import_module(module.name)
            loaded += 1
        except ImportError as error:
            if error.name not in _NOT_CARRIED:
                lacking.append(f"{module.name}: {error}")
    return loaded, lacking


def _draw_a_chart() -> None:
    from trafficdesk.qt.engine_check import chart_is_drawn

    _hold("charts", is_right=chart_is_drawn())


def _take_a_photo() -> None:
    from PIL import Image

    from trafficdesk.services.demo.drawing.canvas import lettering
    from trafficdesk.services.pictures import Examined, examine

    lettering(_SIDE_PX)
    picture = Image.new("RGB", (_SIDE_PX, _SIDE_PX))
    for kind in ("JPEG", "PNG", "WEBP"):
        photo = io.BytesIO()
        picture.save(photo, kind)
        _hold(kind, is_right=isinstance(examine(photo.getvalue()), Examined))


def _write_a_paper() -> None:
    from trafficdesk.exports.documents.sheet import Sheet

    paper = Sheet(_WORDS, _WORDS, "Page {number} of {pages}", datetime.now(UTC))
    try:
        paper.paragraph(_WORDS)
        _hold("papers", is_right=paper.output().startswith(b"%PDF"))
    finally:
        paper.close_fonts()
    import_module("PySide6.QtPdf")  # in which papers are looked at


def _compare_names() -> None:
    from rapidfuzz import fuzz

    _hold("misspelt names", is_right=fuzz.ratio("avinashi", "avinasi") > _ALIKE)


def _hold(name: str, *, is_right: bool) -> None:
    if not is_right:
        raise PartError(f"{name}: not as they have to be")
