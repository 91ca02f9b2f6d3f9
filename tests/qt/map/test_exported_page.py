"""An exported map in the real engine: opened from its file, its clusters opened, nothing asked."""

import json
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, QUrl
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from pytestqt.qtbot import QtBot

from trafficdesk.domain.records import Bounds
from trafficdesk.maps.export import ExportView, Inside, cluster_key, export_map
from trafficdesk.maps.world import WorldMap

_MARKERS = "document.querySelectorAll('.leaflet-marker-icon').length"
_POPUP = "document.querySelector('.leaflet-popup-content')?.innerText"
_CLICK_CLUSTER = "document.querySelector('.leaflet-marker-icon:has(.count)').click()"
_CLICK_CRITICAL = (
    "document.querySelector('.leaflet-marker-icon .critical')"
    ".closest('.leaflet-marker-icon').click()"
)


class _Asked(QWebEngineUrlRequestInterceptor):
    """Notes every address but those a page makes inside itself."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.addresses: list[str] = []

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:  # noqa: N802 - Qt's name
        if info.requestUrl().scheme() not in {"data", "blob"}:
            self.addresses.append(info.requestUrl().toString())


def _page_file(folder: Path) -> Path:
    report = {
        "cells": [[76.93, 11.0, 2, 1, 76.93, 11.0, 76.93, 11.0]],
        "points": [[7, 76.97, 11.02, 3, "pending"]],
        "total": 3,
    }
    spot = (("8", 76.93, 11.0, 4), ("9", 76.93, 11.0, 1))
    view = ExportView(
        Bounds(76.9, 10.95, 77.05, 11.08),
        13,
        "light",
        "Reports",
        {"reports": json.dumps(report).encode()},
        {"reports": "Reports"},
        details={"reports": {str(pk): (f"Report {pk}",) for pk in (7, 8, 9)}},
        clusters={cluster_key(76.93, 11.0): Inside(("Reports: 2",), spot)},
    )
    file = folder / "map.html"
    file.write_bytes(export_map(view, WorldMap()))
    return file


def test_an_exported_page_opens_its_clusters_and_asks_for_nothing(
    tmp_path: Path, qtbot: QtBot
) -> None:
    address = QUrl.fromLocalFile(str(_page_file(tmp_path)))
    profile = QWebEngineProfile()
    asked = _Asked(profile)
    profile.setUrlRequestInterceptor(asked)
    page = QWebEnginePage(profile)
    with qtbot.waitSignal(page.loadFinished) as loaded:
        page.load(address)
    assert loaded.args == [True]

    def wait(script: str, wanted: object) -> None:
        answers: list[object] = []

        def ask() -> bool:
            page.runJavaScript(script, 0, answers.append)
            return answers[-1:] == [wanted]

        qtbot.waitUntil(ask)

    wait("document.body.dataset.shown", "yes")
    wait(_MARKERS, 2)
    page.runJavaScript(_CLICK_CLUSTER)
    wait(_POPUP, "Reports: 2")
    wait(_MARKERS, 3)
    page.runJavaScript(_CLICK_CRITICAL)
    wait(_POPUP, "Report 8")
    shiboken6.delete(page)
    shiboken6.delete(profile)
    assert asked.addresses == [address.toString()]
