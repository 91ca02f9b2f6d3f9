"""Stands in for what the chart library imports of OpenGL: the desk has Qt's painter draw charts.

The library loads Qt's bindings of OpenGL as soon as it is loaded, 9 MB and a fifth of a second, and
asks for what is in them only where it was told to draw with OpenGL. The frozen desk has none.
"""

import sys
from types import ModuleType

_BINDINGS = "PySide6.QtOpenGL"
_WIDGETS = "PySide6.QtOpenGLWidgets"


class _NeverShown:
    """What the library's own view would be in OpenGL; nothing is ever one of these."""


def leave_opengl_out() -> None:
    """Lay empty modules in the places of the bindings, unless somebody has loaded them."""
    widgets = ModuleType(_WIDGETS)
    vars(widgets)["QOpenGLWidget"] = _NeverShown
    sys.modules.setdefault(_BINDINGS, ModuleType(_BINDINGS))
    sys.modules.setdefault(_WIDGETS, widgets)
