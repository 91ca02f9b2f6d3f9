"""The colours are what the tables say, readable in both themes, and every name used exists."""

import ast
from pathlib import Path

import pytest

import trafficdesk.qt
from trafficdesk.qt.theme.tokens import DARK, LIGHT, contrast

THEMES = {"light": LIGHT, "dark": DARK}
TEXTS = (
    "text",
    "text2",
    "text3",
    "accent",
    "critical",
    "severe",
    "moderate",
    "minor",
    "conflict",
    "ok",
)
GROUNDS = ("surface", "surface2", "bg", "hover", "accent_weak")
# The design page's own figures: token, theme, on surface, on surface2, on accentWeak.
CLAIMED = (
    ("text", "light", 16.4, 14.7, 14.1),
    ("text", "dark", 14.4, 12.8, 11.9),
    ("text2", "light", 7.4, 6.6, 6.3),
    ("text2", "dark", 8.1, 7.2, 6.6),
    ("text3", "light", 5.5, 4.9, 4.7),
    ("text3", "dark", 5.9, 5.3, 4.9),
    ("accent", "light", 6.3, 5.6, 5.4),
    ("accent", "dark", 6.7, 6.0, 5.5),
    ("critical", "light", 6.1, 5.4, 5.2),
    ("critical", "dark", 6.8, 6.0, 5.6),
    ("severe", "light", 5.5, 4.9, 4.7),
    ("severe", "dark", 8.9, 7.9, 7.3),
    ("moderate", "light", 6.5, 5.8, 5.5),
    ("moderate", "dark", 10.2, 9.0, 8.4),
    ("minor", "light", 6.2, 5.6, 5.3),
    ("minor", "dark", 8.1, 7.2, 6.7),
    ("conflict", "light", 6.6, 5.9, 5.6),
    ("conflict", "dark", 7.5, 6.7, 6.2),
    ("ok", "light", 5.4, 4.8, 4.6),
    ("ok", "dark", 8.6, 7.6, 7.0),
)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_readable_on_every_ground(theme: str, text: str) -> None:
    tokens = THEMES[theme]
    poor = {g: contrast(tokens[text], tokens[g]) for g in GROUNDS}
    assert {g: ratio for g, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize(("token", "theme", "surface", "surface2", "weak"), CLAIMED)
def test_contrasts_are_what_the_design_claims(
    token: str, theme: str, surface: float, surface2: float, weak: float
) -> None:
    tokens = THEMES[theme]
    measured = [contrast(tokens[token], tokens[g]) for g in ("surface", "surface2", "accent_weak")]
    assert measured == pytest.approx([surface, surface2, weak], abs=0.1)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("on_accent", "accent"),
        ("inv_text", "inv"),
        ("inv_accent", "inv"),
        ("on_critical_fill", "critical_fill"),
        ("plate_text", "plate"),
        ("plate_text", "plate_commercial"),
        ("plate_band_text", "plate_band"),
        ("map_label", "map_land"),
        *[
            (name, f"{name}_weak")
            for name in ("critical", "severe", "moderate", "minor", "conflict", "ok")
        ],
    ],
)
def test_words_on_fills_are_readable(theme: str, ink: str, ground: str) -> None:
    assert contrast(THEMES[theme][ink], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["surface", "bg"])
def test_edges_of_controls_can_be_seen(theme: str, ground: str) -> None:
    assert contrast(THEMES[theme]["line2"], THEMES[theme][ground]) >= 3.0


def test_both_themes_have_the_same_tokens() -> None:
    assert set(LIGHT) == set(DARK)


def _used_colours() -> set[str]:
    used: set[str] = set()
    for path in Path(trafficdesk.qt.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            named = node.args[:1] if name in {"colour", "set_tint", "Panel"} else []
            named += [k.value for k in node.keywords if k.arg == "tint"]
            named += node.args[3:4] if name in {"Label", "ElidedLabel", "paint_icon"} else []
            used |= {
                a.value for a in named if isinstance(a, ast.Constant) and isinstance(a.value, str)
            }
    return used


def test_every_colour_the_code_names_exists() -> None:
    used = _used_colours()
    assert len(used) > 15
    assert used - set(LIGHT) == set()
