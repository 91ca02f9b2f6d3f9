"""A made-up language: every translated sentence is bracketed and longer, so the rest stands out."""

import re
from typing import Final

from PySide6.QtCore import QObject, QTranslator

OPEN: Final = "\u27e6"
CLOSE: Final = "\u27e7"
_ACCENTED: Final = str.maketrans("aeiouAEIOUcnsy", "áéíóúÁÉÍÓÚçñšý")
_KEPT: Final = re.compile(r"(\{[^}]*\}|%n|%\d|&[a-z]+;)")


def pseudo(source: str) -> str:
    """Return a source text in the made-up language; placeholders stay as they are."""
    parts = _KEPT.split(source)
    accented = "".join(p if _KEPT.fullmatch(p) else p.translate(_ACCENTED) for p in parts)
    return f"{OPEN}{accented}{'~' * (len(source) // 4)}{CLOSE}"


class PseudoTranslator(QTranslator):
    """Translates everything that asks to be translated."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        return pseudo(source)
