"""English for one: sources are written for many; their singular lies compiled in the resources.

Never a translator written in Python: Qt asks translators from any thread while it holds locks of
its own, and one that then waits for Python's lock can stop the program for ever.
"""

from PySide6.QtCore import QObject, QTranslator

from trafficdesk.shipped import shipped


def load_plurals(parent: QObject | None = None) -> QTranslator:
    """Return the translator that says ``1 report`` and not ``1 reports``.

    Raises:
        FileNotFoundError: the compiled forms were not shipped.
    """
    translator = QTranslator(parent)
    path = shipped("translations", "en.qm")
    if not translator.load(str(path)):
        raise FileNotFoundError(path)
    return translator
