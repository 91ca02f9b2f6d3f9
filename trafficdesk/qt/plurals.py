"""English for one: sources are written for many, and this gives their singular."""

from typing import Final

from PySide6.QtCore import QTranslator

# Every source text with %n in the code, and what it says for one (a test compares).
SINGULAR: Final[dict[str, str]] = {
    "%n to send": "%n to send",
    "%n need you": "%n needs you",
}


class EnglishPlurals(QTranslator):
    """Says ``1 report`` where the source says ``%n reports``."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        return SINGULAR.get(source) if n == 1 else None
