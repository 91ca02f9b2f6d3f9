"""Every command says what it does, is listed in the README, and starts quickly."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from trafficdesk import __version__
from trafficdesk.cli.commands import app
from trafficdesk.cli.exits import EXIT_CODES, Exit
from trafficdesk.cli.sentences import SENTENCES, sentence
from trafficdesk.maps.faults import PackFault
from trafficdesk.position.status import PositionFault
from trafficdesk.security.errors import SecurityError
from trafficdesk.services.backups import BackupFault
from trafficdesk.services.demo.build import DemoRefusal
from trafficdesk.services.importing.faults import ImportFault, RowFault, RowWarning
from trafficdesk.store.errors import StoreError

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _commands(group: TyperGroup, path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        full = f"{path} {name}"
        if isinstance(command, TyperGroup):
            yield from _commands(command, full)
        else:
            yield full, command


def _all() -> list[tuple[str, Any]]:
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    return list(_commands(root, "trafficdesk"))


@pytest.mark.parametrize(("path", "command"), _all(), ids=[path for path, _ in _all()])
def test_a_command_explains_itself_and_stands_in_the_readme_with_its_options(
    path: str,
    command: Any,  # noqa: ANN401 - Typer keeps its classes to itself
) -> None:
    assert command.help, path
    row = re.search(rf"^\| `{path}[ `].*$", README, re.MULTILINE)
    assert row, f"{path} has no row in README's command table"
    for option in command.params:
        if getattr(option, "hidden", False) or option.param_type_name != "option":
            continue
        names = [name for name in option.opts if name.startswith("--")]
        shared = {"--json", "--officer", "--password-file", "--help"}
        assert set(names) <= shared or any(f"`{n}" in row[0] or f" {n}" in row[0] for n in names), (
            f"{path} {names} is not in README"
        )


def test_the_readme_names_the_options_that_commands_share_and_every_exit_code() -> None:
    for option in ("--json", "--officer", "--password-file"):
        assert f"`{option}" in README
    for code in EXIT_CODES:
        assert f"| {int(code)} |" in README


def test_every_exit_code_is_in_the_help() -> None:
    shown = " ".join(CliRunner().invoke(app, ["--help"]).stdout.split())
    assert set(EXIT_CODES) == set(Exit)
    for code, meaning in EXIT_CODES.items():
        assert f"{int(code)} {meaning}" in shown


def test_no_command_takes_a_password_on_its_line() -> None:
    for path, command in _all():
        for option in command.params:
            assert "password" not in option.name.replace("password_file", ""), path


def _codes(base: type[StoreError] | type[SecurityError]) -> Iterator[str]:
    for kind in base.__subclasses__():
        yield kind.code
        yield from _codes(kind)


def test_every_fault_of_the_rooms_below_has_its_sentence() -> None:
    codes = {*_codes(StoreError), *_codes(SecurityError)} - {"security"}
    enums = (PackFault, BackupFault, ImportFault, RowFault, RowWarning, PositionFault)
    codes |= {str(code) for each in enums for code in each}
    codes |= {f"demo.{code}" for code in DemoRefusal}
    assert sorted(codes - SENTENCES.keys()) == []


def test_a_sentence_shows_its_data_and_never_fails_for_lack_of_it() -> None:
    assert "desk.db" in sentence("store.damaged", path="desk.db", detail="page 3")
    for code in [*SENTENCES, "unknown.code"]:
        assert sentence(code)


def test_help_loads_neither_the_store_nor_qt_nor_cryptography() -> None:
    child = (
        "import sys; sys.argv = ['trafficdesk', '--help']\n"
        "from trafficdesk.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'PySide6', 'cryptography', 'PIL', 'folium', 'sqlcipher3'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", child], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "Commands:" in done.stdout
    assert done.stderr.strip() == "[]"


def test_a_command_that_does_not_exist_is_a_usage_error() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "trafficdesk", "approve-all"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == Exit.USAGE
    assert "Traceback" not in done.stderr


def test_a_frozen_desk_tells_its_exact_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = CliRunner().invoke
    assert run(app, ["--version"]).output == f"trafficdesk {__version__}\n"
    (tmp_path / "about").mkdir()
    told = '{"trafficdesk": "0.2.0~dev20261122174500"}'
    (tmp_path / "about" / "versions.json").write_text(told, encoding="utf-8")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "trafficdesk"))
    assert run(app, ["--version"]).output == "trafficdesk 0.2.0~dev20261122174500\n"
