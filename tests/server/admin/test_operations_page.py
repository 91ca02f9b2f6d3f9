"""The page for operators lists what there is: commands, exit codes, metrics, keys."""

import re
from pathlib import Path

from typer.core import TyperGroup
from typer.main import get_command

from sync_server.admin import figures
from sync_server.audit.reads import What
from sync_server.cli.commands import app
from sync_server.cli.exits import EXIT_CODES
from sync_server.metrics import Metrics

PAGE = (Path(__file__).parents[3] / "sync_server" / "OPERATIONS.md").read_text("utf-8")


def test_every_command_is_listed() -> None:
    told = re.findall(r"^\| `sync-server ([a-z-]+)` \|", PAGE, re.MULTILINE)
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    assert sorted(told) == sorted(group.commands)


def test_every_kind_of_read_that_the_audit_knows_is_listed() -> None:
    told = re.findall(r"^\| `([a-z]+\.read)` \|", PAGE, re.MULTILINE)
    assert sorted(told) == sorted(What)


def test_every_exit_code_is_listed_with_its_meaning() -> None:
    told = re.findall(r"^\| (\d+) \| (.*) \|$", PAGE, re.MULTILINE)
    assert told == [(str(int(code)), meaning) for code, meaning in EXIT_CODES.items()]


def test_every_metric_is_listed() -> None:
    told = re.findall(r"^\| `(trafficdesk_[a-z_]+)` \|", PAGE, re.MULTILINE)
    there = {family.name for family in Metrics(lambda: {"pool_size": 1}).registry.collect()}
    there |= figures.names()
    assert (len(told), set(told)) == (len(there), there)


def test_every_alert_asks_for_metrics_that_there_are() -> None:
    (rules,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    asked = set(re.findall(r"trafficdesk_[a-z_]+", rules))
    there = {f"trafficdesk_{name}" for name in ("operations_total",)} | figures.names()
    there |= {f"trafficdesk_request_seconds_{part}" for part in ("count", "bucket")}
    assert asked <= there
