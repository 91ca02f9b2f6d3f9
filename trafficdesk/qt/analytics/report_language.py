"""In which language a report is written: by its own name, the desk's first."""

from typing import Final

from PySide6.QtCore import QLocale

from trafficdesk.domain.reporting.language import Language
from trafficdesk.qt.analytics.report_words import say
from trafficdesk.qt.widgets.choices import Choice

# As whoever reads it calls it, whatever the desk's language.
NAMES: Final[dict[Language, str]] = {
    Language.ENGLISH: "English",
    Language.TAMIL: "தமிழ்",
    Language.HINDI: "हिन्दी",
}


def desk_language() -> Language:
    """Return the language of this desk, English where reports do not have it."""
    code = QLocale().name().partition("_")[0]
    return Language(code) if code in set(Language) else Language.ENGLISH


class LanguageChoice(Choice):
    """One of the languages that reports are written in."""

    def __init__(self) -> None:
        super().__init__(say("Language"), tuple((str(each), name) for each, name in NAMES.items()))
        self.choose(desk_language())

    def language(self) -> Language:
        """Return the chosen one."""
        return Language(self.chosen_id())
