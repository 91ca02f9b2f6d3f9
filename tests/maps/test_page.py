"""The page that folium makes, and that nothing of it is loaded from elsewhere."""

import re

import pytest

from trafficdesk.maps.addresses import (
    FONTS,
    ICONS,
    SCRIPTS,
    STYLES,
    UnknownAddressError,
    asset_at,
    find_asset,
    refuse_foreign,
    rewrite,
)
from trafficdesk.maps.page import ORIGIN, WORDS, build_page, call
from trafficdesk.shipped import shipped


def test_every_file_of_the_page_comes_from_the_desk_itself() -> None:
    html = build_page().html.decode()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(loaded) > len(SCRIPTS)
    assert all(address.startswith(ORIGIN) for address in loaded)
    assert "http" not in re.sub(r'<meta http-equiv="[^"]*"', "", html)


def test_the_page_holds_no_script_or_style_of_its_own_so_that_its_policy_can_forbid_them() -> None:
    html = build_page().html.decode()
    assert "unsafe-inline" not in html
    assert "default-src 'none'" in html
    assert not re.search(r"<script>|<style>|\sstyle=|\son\w+=", html)
    assert b"L.map(" in build_page().script


def test_jquery_bootstrap_and_fonts_of_others_are_left_out() -> None:
    html = build_page().html.decode().lower()
    assert not re.search(r"jquery|bootstrap|fontawesome|awesome", html)


def test_an_address_without_a_file_stops_the_page() -> None:
    html = '<script src="https://cdn.example/new-plugin.js"></script>'
    with pytest.raises(UnknownAddressError, match="new-plugin"):
        rewrite(html, lambda asset: asset.name, lambda asset: asset.name)


@pytest.mark.parametrize(
    "tag",
    [
        "<script async src='https://cdn.example/x.js'></script>",
        "<img src=//cdn.example/x.png>",
        '<link href="https://cdn.example/x.css" rel="preload">',
        '<IFRAME SRC="http://cdn.example">',
    ],
)
def test_a_tag_written_in_another_way_does_not_slip_through(tag: str) -> None:
    with pytest.raises(UnknownAddressError):
        refuse_foreign(rewrite(tag, lambda _: "", lambda _: ""), ORIGIN)


def test_every_named_asset_is_shipped() -> None:
    icons = [f"{icon}.svg" for icon in ICONS]
    vendor = ["leaflet.js", "leaflet.css", "protomaps-leaflet.js", "export.js"]
    for name in (*SCRIPTS, *STYLES, *FONTS, *icons, *vendor):
        asset = find_asset(name)
        assert asset is not None
        assert asset.path.is_file(), name


@pytest.mark.parametrize("name", ["", "..", "../profile.py", "map.css/..", "/etc/passwd", "a.js"])
def test_only_listed_names_are_assets(name: str) -> None:
    assert find_asset(name) is None
    with pytest.raises(UnknownAddressError):
        asset_at(name)


def test_every_word_the_page_shows_is_on_the_list_that_qt_translates() -> None:
    scripts = "".join(shipped("map", name).read_text(encoding="utf-8") for name in SCRIPTS)
    asked = set(re.findall(r"(?:DeskMap\.words|\bw)\.(\w+)", scripts))
    asked |= set(re.findall(r'word\("(\w+)"\)', scripts))
    chrome = shipped("map", "chrome.js").read_text(encoding="utf-8")
    asked |= set(re.findall(r'\["(\w+)", "[a-z-]+"\]', chrome))
    assert asked <= {*WORDS, "language"}


def test_a_call_from_qt_cannot_break_out_of_its_script() -> None:
    assert call("setWords", {"a": "</script>'\"\u2028"}) == (
        'DeskMap.setWords({"a": "<\\/script>\'\\"\\u2028"});'
    )


def test_the_modules_of_the_page_stay_small() -> None:
    for name in SCRIPTS:
        assert len(shipped("map", name).read_text(encoding="utf-8").splitlines()) < 300, name
