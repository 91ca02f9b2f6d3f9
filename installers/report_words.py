"""Which sentences reports say, and the files in which translators say them.

``python -m installers.translations`` puts new sentences, empty, into ``reports.LANGUAGE.json`` and
takes out those that are said no more.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from installers.page_assets import ROOT
from trafficdesk.domain.analytics.metric_words import METRIC_WORDS
from trafficdesk.domain.reporting import words
from trafficdesk.domain.reporting.catalogue import TEMPLATES
from trafficdesk.domain.reporting.codes import KNOWN, parts_of_code
from trafficdesk.domain.reporting.language import Language

FOLDER: Final = ROOT / "resources" / "translations"
LANGUAGES: Final = tuple(each for each in Language if each is not Language.ENGLISH)
_SOURCES: Final = (
    *sorted((ROOT / "trafficdesk" / "domain" / "reporting").glob("*.py")),
    *sorted((ROOT / "trafficdesk" / "exports" / "documents").glob("*.py")),
    ROOT / "trafficdesk" / "delivery" / "report_letter.py",
)
_SAID_BY: Final = frozenset({"say", "sentence"})


def report_sentences() -> dict[str, list[str]]:
    """Return every sentence of the reports by its context."""
    said = {source for path in _SOURCES for source in _said(ast.parse(path.read_text("utf-8")))}
    said |= {*words.MONTHS, *words.WEEKDAYS, *(template.title for template in TEMPLATES)}
    found = {
        words.CONTEXT: said,
        words.METRICS: {each for pair in METRIC_WORDS.values() for each in pair},
        words.OF_RECORDS: {*words.VIOLATIONS.values(), *words.SEVERITIES.values()},
        words.OF_CODES: {part for code in KNOWN for part in parts_of_code(code)},
    }
    return {context: sorted(sources) for context, sources in found.items()}


def _said(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and call.args and _name(call.func) in _SAID_BY:
            source = call.args[0]
            if isinstance(source, ast.Constant) and isinstance(source.value, str):
                yield source.value


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)


def path_of(language: Language) -> Path:
    """Return the file of a language."""
    return FOLDER / f"reports.{language}.json"


def renewed(language: Language) -> dict[str, dict[str, str]]:
    """Return a language's words for every sentence; "" for those that nobody has said yet."""
    path = path_of(language)
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {
        context: {source: known.get(context, {}).get(source, "") for source in sources}
        for context, sources in report_sentences().items()
    }


def write_all() -> None:
    """Renew the file of every language."""
    for language in LANGUAGES:
        told = json.dumps(renewed(language), ensure_ascii=False, indent=1)
        path_of(language).write_text(told + "\n", "utf-8")
