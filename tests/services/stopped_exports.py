"""Exports that are stopped before their first row: what was noted before anything was read."""

import json
from typing import Any

import pytest

from trafficdesk.exports.table import ExportCancelledError
from trafficdesk.services import auditing
from trafficdesk.services.session import Session


def stop_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever exports stop it as soon as a table is to be written."""

    def stop(*_args: object) -> None:
        raise ExportCancelledError

    monkeypatch.setattr("trafficdesk.services.exporting.write_table", stop)


def noted_export(session: Session) -> dict[str, Any]:
    """Return what the audit has of the one list that was exported."""
    with session.store.reading() as connection:
        (entry,) = [each for each in auditing.entries(connection) if each.action == "list.export"]
    detail: dict[str, Any] = json.loads(entry.detail)
    return detail
