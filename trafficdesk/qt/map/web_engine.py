"""What must be settled before the application starts, so that QtWebEngine can be loaded late."""

import os
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt

FLAGS: Final = "QTWEBENGINE_CHROMIUM_FLAGS"
# The interceptor alone would let a preconnect resolve a name.
_NO_NAMES: Final = '--host-resolver-rules="MAP * ~NOTFOUND"'


def prepare_web_engine() -> None:
    """Set the engine's flags and share contexts; call it before ``QApplication`` is made.

    Nothing of QtWebEngine is loaded here: that waits for the first look at the map.
    """
    flags = os.environ.get(FLAGS, "")
    if "--host-resolver-rules" not in flags:
        os.environ[FLAGS] = f"{flags} {_NO_NAMES}".strip()
    # Old machines have no GPU, and the map's canvas needs none.
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
