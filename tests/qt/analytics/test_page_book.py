"""Pages are made in turns of the GUI: nothing waits for them, and none is half given away."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from trafficdesk.qt.analytics.page import Page
from trafficdesk.qt.analytics.page_book import PageBook

ANSWERS = 3


class Made:
    """A book of three pages, and what it did."""

    def __init__(self) -> None:
        self.told: list[str] = []
        makers = {name: lambda name=name: self._make(name) for name in ("one", "two", "three")}
        self.book = PageBook(makers, self._prepare, self._give)
        self.book.opened.connect(lambda: self.told.append("opened"))

    def _make(self, name: str) -> Page:
        self.told.append(f"make {name}")
        return Page(name)

    def _prepare(self, page: Page) -> None:
        self.told.append(f"prepare {page.accessibleName()}")

    def _give(self, page: Page) -> Iterator[None]:
        for _ in range(ANSWERS):
            self.told.append(f"give {page.accessibleName()}")
            yield


def _whole(name: str) -> list[str]:
    return [f"make {name}", f"prepare {name}", *[f"give {name}"] * ANSWERS]


@pytest.fixture
def made(qtbot: QtBot) -> Made:
    made = Made()
    qtbot.addWidget(made.book)
    made.book.show()
    return made


def test_a_page_is_made_after_its_key_and_opened_when_it_is_whole(made: Made, qtbot: QtBot) -> None:
    made.book.open("one")
    assert made.told == []
    assert made.book.is_making
    qtbot.waitUntil(lambda: not made.book.is_making)
    assert made.told == [*_whole("one"), "opened"]
    made.book.open("one")  # a second time it is there at once
    assert made.told == [*_whole("one"), "opened", "opened"]


def test_whoever_asks_sooner_gets_it_whole(made: Made, qtbot: QtBot) -> None:
    made.book.open("one")
    qtbot.waitUntil(lambda: "give one" in made.told)
    page = made.book.get("one")
    assert made.told == [*_whole("one"), "opened"]
    assert page.isVisible()
    assert not made.book.is_making
    assert made.book.get("two").accessibleName() == "two"  # not asked to be shown
    assert made.told.count("opened") == 1


def test_the_page_asked_for_last_is_shown_and_the_others_are_made_too(
    made: Made, qtbot: QtBot
) -> None:
    for name in ("one", "two", "three"):
        made.book.open(name)
    qtbot.waitUntil(lambda: not made.book.is_making)
    assert sorted(made.told) == sorted([*_whole("one"), *_whole("two"), *_whole("three"), "opened"])
    shown = [name for name, page in made.book.pages.items() if page.isVisible()]
    assert shown == ["three"]
