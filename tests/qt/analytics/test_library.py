"""The chart library is loaded without what it would draw with OpenGL."""

import sys

from trafficdesk.qt.analytics.plotting import load_library


def test_charts_need_no_bindings_of_opengl() -> None:
    library = load_library()
    assert library.PlotCurveItem.__name__ == "PlotCurveItem"
    for name in ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"):
        assert getattr(sys.modules[name], "__file__", None) is None, "it is Qt's own, 9 MB"
