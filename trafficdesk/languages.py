"""The words of reports in each language: as shipped, and read once."""

import json
from functools import cache
from pathlib import Path

from trafficdesk.domain.reporting.language import Language
from trafficdesk.domain.reporting.words import ENGLISH, Words
from trafficdesk.shipped import shipped


def words_folder() -> Path:
    """Return where the words lie: with the package on a server, else with what is shipped."""
    own = Path(__file__).parent / "translations"
    return own if own.is_dir() else shipped("translations")


@cache
def words_in(language: Language) -> Words:
    """Return the words of a language; what it has no words for is said in English."""
    if language is Language.ENGLISH:
        return ENGLISH
    path = words_folder() / f"reports.{language}.json"
    known: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))

    def translate(context: str, source: str) -> str:
        return known.get(context, {}).get(source) or source

    return Words(translate, language)
