"""The exported map: one file, nothing loaded, no text taken for code."""

import json
import re
from html.parser import HTMLParser

import pytest

from trafficdesk.domain.records import Bounds
from trafficdesk.maps.export import MAX_TILE_BYTES, ExportView, export_map
from trafficdesk.maps.packs import Pack
from trafficdesk.maps.world import WorldMap

NASTY = "</script><script>window.hacked=1</script><img src=x onerror=alert(1)>\u2028&"
REPORTS = {"cells": [[76.966, 11.017, 120, 4]], "points": [[7, 76.99, 11.0, 4, "pending"]]}


def view(zoom: int = 13, bounds: Bounds | None = None) -> ExportView:
    return ExportView(
        bounds=bounds or Bounds(76.93, 10.98, 77.01, 11.03),
        zoom=zoom,
        theme="light",
        title=NASTY,
        layers={"reports": json.dumps(REPORTS).encode()},
        words={"critical": "Critical", "legend": NASTY},
        subtitle=(NASTY,),
        details={"reports": {"7": ("CBE-2026-000007", NASTY)}},
    )


class Tags(HTMLParser):
    """Reads a page as a browser would: its tags, and what its scripts hold."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.carried = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = "carried" if dict(attrs).get("id") == "carried" else tag

    def handle_data(self, data: str) -> None:
        if self._inside == "carried":
            self.carried += data
        elif self._inside == "script":
            self.scripts.append(data)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's own signature
        self._inside = ""


@pytest.fixture(scope="module")
def page(sketch_pack: Pack) -> Tags:
    read = Tags()
    read.feed(export_map(view(), sketch_pack).decode())
    return read


def test_nothing_is_loaded_from_anywhere(page: Tags, sketch_pack: Pack) -> None:
    assert not [attrs for _, attrs in page.tags if {"src", "href", "srcset"} & set(attrs)]
    html = export_map(view(), sketch_pack).decode()
    policy = next(a["content"] for t, a in page.tags if t == "meta" and "default-src" in str(a))
    assert policy is not None
    assert "connect-src" not in policy
    assert "default-src 'none'" in policy
    assert "@import" not in html
    assert not re.search(r"url\(\s*[\"']?(?!data:|none|#)[a-z]+:", "".join(_styles(html)))


def _styles(html: str) -> list[str]:
    return re.findall(r"<style>(.*?)</style>", html, re.DOTALL)


def test_what_people_wrote_stays_text(page: Tags) -> None:
    assert [tag for tag, _ in page.tags].count("img") == 0
    assert not any("window.hacked" in script for script in page.scripts)
    told = json.loads(page.carried)
    assert told["details"]["reports"]["7"][1] == NASTY
    assert told["title"] == NASTY
    assert "<" not in page.carried


def test_the_base_map_of_the_view_is_inside(page: Tags) -> None:
    tiles = json.loads(page.carried)["tiles"]
    zooms = {int(key.split("/")[2]) for key in tiles if key.startswith("tile/coimbatore/")}
    assert {11, 12, 13, 14} <= zooms
    assert any(key.startswith("ground/coimbatore/") for key in tiles)


def test_a_view_of_the_whole_state_still_makes_a_file_of_bounded_size(sketch_pack: Pack) -> None:
    html = export_map(view(7, Bounds(74.0, 8.0, 80.0, 14.0)), sketch_pack)
    assert len(html) < MAX_TILE_BYTES + 2_000_000


def test_a_view_of_the_whole_world_is_exported_at_once(sketch_pack: Pack) -> None:
    html = export_map(view(2, Bounds(-180.0, -85.0, 180.0, 85.0)), sketch_pack)
    assert len(html) < MAX_TILE_BYTES + 2_000_000


def test_the_world_alone_can_be_exported() -> None:
    html = export_map(view(5, Bounds(60.0, 5.0, 95.0, 35.0)), WorldMap())
    assert b"tile/world/" in html
