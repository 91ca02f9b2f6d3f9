"""The tree keeps its own rules: small modules, nothing left open, nothing of one machine."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 40
# Spelt backwards so that this file does not break the rules it checks.
OPEN_MARKS = [mark[::-1] for mark in ("ODOT", "EMXIF", "KCAH", "rorrEdetnemelpmItoN")]
OPEN_MARKS.append("X" * 3)
MACHINE_PATHS = [path[::-1] for path in ("/emoh/", "/toor/", "/sresU/", "/krow/")]
INDEX_ADDRESSES = [
    address[::-1]
    for address in (
        "lru-xedni-",
        "/elpmis/",
        "gro.ipyp",
        "detsohnohtyp",
        "gro.sjmpn",
        "nrayofni.sjm",
    )
]


def tracked(pattern: str = "*") -> list[Path]:
    """Return the files git would commit: tracked ones and new ones it does not ignore."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [ROOT / name for name in done.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


@dataclass
class Findings:
    """What the syntax trees of all modules show; each is read once."""

    long: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def findings() -> Findings:
    found = Findings()
    for file in tracked("*.py"):
        tree, name = ast.parse(file.read_text(encoding="utf-8")), file.relative_to(ROOT)
        found.long += [f"{name}:{each}" for each in long_functions(tree)]
        if tree.body and not ast.get_docstring(tree):
            found.silent.append(str(name))
    return found


def long_functions(tree: ast.Module) -> Iterator[str]:
    """Yield the line, the name and the length of each function that is too long."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield f"{node.lineno}: {node.name} has {lines} lines"


def lines_with(words: list[str], files: list[Path]) -> list[str]:
    """List the lines that hold one of the words, as ``file:line: word``."""
    pattern = re.compile("|".join(map(re.escape, words)))
    found = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture or a font
        for number, line in enumerate(lines, 1):
            if match := pattern.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {match.group()}")
    return found


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    long = [
        f"{file.relative_to(ROOT)}: {count} lines"
        for file in tracked("*.py")
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > MAX_MODULE_LINES
    ]
    assert not long, "\n".join(["A file this long has two subjects:", *long])


def test_no_function_is_longer_than_forty_lines(findings: Findings) -> None:
    assert not findings.long, "\n".join(["Functions to divide:", *findings.long])


def test_every_module_says_what_lives_there(findings: Findings) -> None:
    assert not findings.silent, f"modules without a docstring: {findings.silent}"


def test_open_work_lives_in_issues_and_not_in_code() -> None:
    marks = lines_with(OPEN_MARKS, tracked("*.py"))
    assert not marks, "\n".join(marks)


def test_no_committed_file_names_a_package_index() -> None:
    named = lines_with(INDEX_ADDRESSES, tracked())
    assert not named, "\n".join(named)


def test_no_committed_file_names_a_folder_of_somebodys_machine() -> None:
    named = lines_with(MACHINE_PATHS, tracked())
    assert not named, "\n".join(named)


def test_no_shunned_module_name_hides_what_lives_there() -> None:
    shunned = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    found = [str(f.relative_to(ROOT)) for f in tracked("*.py") if f.stem in shunned]
    assert not found, f"name what lives there: {found}"
