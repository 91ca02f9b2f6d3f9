"""English for one: sources are written for many, and this gives their singular."""

from typing import Final

from PySide6.QtCore import QTranslator

# Every source text with %n in the code, and what it says for one (a test compares).
SINGULAR: Final[dict[str, str]] = {
    "%n to send": "%n to send",
    "%n need you": "%n needs you",
    "%n tries left": "%n try left",
    "Locks after %n minutes without a key": "Locks after %n minute without a key",
    "%n units near": "%n unit near",
    "Show %n reports": "Show %n report",
    "Why reject these %n reports?": "Why reject this %n report?",
    "%n more reports": "%n more report",
    "%n files": "%n file",
    "%n more filters": "%n more filter",
    "%n photos": "%n photo",
    "%n days": "%n day",
    "At most %n photos go with a report.": "At most %n photo goes with a report.",
    "%n reports": "%n report",
    "on %n reports": "on %n report",
    "%n reports were left as they were": "%n report was left as it was",
    "%n marked": "%n marked",
    "%n marked · Esc clears": "%n marked · Esc clears",
    "%n reviewed since you signed in": "%n reviewed since you signed in",
    "%n changes wait on this desk and will be sent when the line returns.": (
        "%n change waits on this desk and will be sent when the line returns."
    ),
}


class EnglishPlurals(QTranslator):
    """Says ``1 report`` where the source says ``%n reports``."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        return SINGULAR.get(source) if n == 1 else None
