"""Makes the English plural forms: ``python -m installers.translations`` after a new %n sentence.

It renews the words of reports in other languages, too (``installers.report_words``).

Sources are written for many; this gives their singular. The forms lie compiled in
``resources/translations``, because a translator written in Python can lock the program: Qt asks it
from any thread, with locks of its own held, and it then waits for Python's.
"""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import PySide6

from installers import report_words

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCES: Final = ROOT / "trafficdesk" / "qt"
FOLDER: Final = ROOT / "resources" / "translations"

# Every source text with %n in the code, and what it says for one (a test compares).
SINGULAR: Final[dict[str, str]] = {
    "The desk locks after this time without a key or the mouse, 1 to %n minutes.": (
        "The desk locks after %n minute without a key or the mouse."
    ),
    "%n need a unit": "%n needs a unit",
    "%n more reports of it": "%n more report of it",
    "%n alerts wait to be answered": "%n alert waits to be answered",
    "%n vehicles": "%n vehicle",
    "%n injured": "%n injured",
    "Send %n units": "Send %n unit",
    "Plan accepted: %n units sent": "Plan accepted: %n unit sent",
    "%n more places stay unserved, none of them graver": (
        "%n more place stays unserved, not graver"
    ),
    "%n merged reports": "%n merged report",
    "%n confirmed it": "%n confirmed it",
    "%n decisions could not be written when the desk was locked.": (
        "%n decision could not be written when the desk was locked."
    ),
    "Sending %n": "Sending %n",
    "The server takes nothing from it any more. %n changes that it has not confirmed could not be "
    "sealed for station IT; they are kept here, encrypted, and no key was destroyed. Leave the "
    "desk as it is and tell station IT.": (
        "The server takes nothing from it any more. %n change that it has not confirmed could not "
        "be sealed for station IT; it is kept here, encrypted, and no key was destroyed. Leave "
        "the desk as it is and tell station IT."
    ),
    "%n changes that the server has not confirmed are sealed for station IT in {folder}. The keys "
    "of this desk are destroyed; nobody can open it any more. Bring the folder to station IT.": (
        "%n change that the server has not confirmed is sealed for station IT in {folder}. The "
        "keys of this desk are destroyed; nobody can open it any more. Bring the folder to "
        "station IT."
    ),
    "%n to send": "%n to send",
    "%n changes of yours. Only the server can prove them.": (
        "%n change of yours. Only the server can prove it."
    ),
    "Counted: {reports} reports of %n whole weeks, {begin} to {end}; {counted} in these areas.": (
        "Counted: {reports} reports of %n whole week, {begin} to {end}; {counted} in these areas."
    ),
    "%n lines of the log are not confirmed by the server: {parts}.": (
        "%n line of the log is not confirmed by the server: {parts}."
    ),
    "%n corners": "%n corner",
    "%n fields left": "%n field left",
    "%n conflicts settled": "%n conflict settled",
    "%n changes are marked": "%n change is marked",
    "%n changes are sent again": "%n change is sent again",
    "%n changes withdrawn": "%n change withdrawn",
    "Withdraw %n changes? They are never sent then, and stay in the history.": (
        "Withdraw %n change? It is never sent then, and stays in the history."
    ),
    "%n conflicts to settle": "%n conflict to settle",
    "%n reports were not delivered": "%n report was not delivered",
    "Take mine for %n marked": "Take mine for %n marked",
    "Take theirs for %n marked": "Take theirs for %n marked",
    "Take mine for all %n like this": "Take mine for %n like this",
    "Take theirs for all %n like this": "Take theirs for %n like this",
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
    "At most %n photos are filed at once.": "At most %n photo is filed at once.",
    "%n reports": "%n report",
    "on %n reports": "on %n report",
    "Somebody else was first with %n reports you took": (
        "Somebody else was first with %n report you took"
    ),
    "%n reports were left as they were": "%n report was left as it was",
    "%n marked": "%n marked",
    "%n decisions by lot": "%n decision by lot",
    "Look at %n decisions": "Look at %n decision",
    "%n marked · Esc clears": "%n marked · Esc clears",
    "%n reviewed since you signed in": "%n reviewed since you signed in",
    "%n changes wait on this desk to be sent.": ("%n change waits on this desk to be sent."),
}


def counted_sentences() -> set[tuple[str, str]]:
    """Return every sentence with ``%n`` in the screens' code as (context, source).

    A sentence stands in ``QCoreApplication.translate`` itself, or in a call of a function of the
    same module that hands it there.

    Raises:
        ValueError: a sentence with ``%n`` stands anywhere else, where nobody can tell its context.
    """
    found: set[tuple[str, str]] = set()
    for path in sorted(SOURCES.rglob("*.py")):
        if path.name == "pseudo.py":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        told = set(_told(tree))
        missed = _counted(tree) - {source for _, source in told}
        if missed:
            raise ValueError(f"{path.name}: {sorted(missed)} has no context")
        found |= told
    return found


def _counted(tree: ast.AST) -> set[str]:
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "%n" in node.value
    }


def _told(tree: ast.AST) -> Iterator[tuple[str, str]]:
    handing = {
        function.name: context
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if (context := _context(call)) and isinstance(_argument(call, 1), ast.Name)
    }
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        context, source = _context(call), _argument(call, 1)
        if not context and isinstance(call.func, ast.Name):
            context, source = handing.get(call.func.id, ""), _argument(call, 0)
        if context and source is not None:
            yield from ((context, text) for text in _counted(source))


def _context(call: ast.AST) -> str:
    """Return the context of a call of ``QCoreApplication.translate``, "" for any other node."""
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        first = _argument(call, 0)
        if call.func.attr == "translate" and isinstance(first, ast.Constant):
            return str(first.value)
    return ""


def _argument(call: ast.AST, place: int) -> ast.expr | None:
    if isinstance(call, ast.Call) and place < len(call.args):
        return call.args[place]
    return None


def translation_file() -> str:
    """Return the text of the TS file with both forms of every sentence.

    Raises:
        KeyError: a sentence has no singular in ``SINGULAR``.
    """
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines.append('<TS version="2.1" language="en_GB" sourcelanguage="en">')
    sentences = sorted(counted_sentences())
    for context in sorted({context for context, _ in sentences}):
        lines.append(f"<context><name>{escape(context)}</name>")
        for source in (source for each, source in sentences if each == context):
            forms = (SINGULAR[source], source)
            told = "".join(f"<numerusform>{escape(form)}</numerusform>" for form in forms)
            lines.append(f'<message numerus="yes"><source>{escape(source)}</source>')
            lines.append(f"<translation>{told}</translation></message>")
        lines.append("</context>")
    return "\n".join([*lines, "</TS>", ""])


def main() -> None:
    """Write the TS file and compile it, and renew the words of reports."""
    report_words.write_all()
    FOLDER.mkdir(parents=True, exist_ok=True)
    source, target = FOLDER / "en.ts", FOLDER / "en.qm"
    source.write_text(translation_file(), "utf-8")
    tool = Path(PySide6.__file__).parent / "lrelease"
    subprocess.run([tool, "-silent", source, "-qm", target], check=True)  # noqa: S603 - our own files


if __name__ == "__main__":
    main()
