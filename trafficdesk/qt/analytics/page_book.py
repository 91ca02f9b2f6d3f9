"""The pages of analytics: each is made when it is first opened, in short turns of the GUI."""

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import Signal

from trafficdesk.qt.analytics.page import Page
from trafficdesk.qt.later import later
from trafficdesk.qt.widgets.panels import ScrollPanel, StackedPage


class PageBook(StackedPage):
    """Making a page, giving it what was counted before, and showing it are turns of their own.

    Keys and clicks come in between. ``opened`` when the page asked for last is on screen.
    ``prepare`` is told of each new page, ``kept`` of what to give it: one call is one answer.
    """

    opened = Signal()

    def __init__(
        self,
        makers: Mapping[str, Callable[[], Page]],
        prepare: Callable[[Page], None],
        kept: Callable[[Page], Iterator[None]],
    ) -> None:
        super().__init__()
        self.pages: dict[str, Page] = {}
        self._makers, self._prepare, self._kept = makers, prepare, kept
        self._scrolls: dict[str, ScrollPanel] = {}
        self._wanted = ""
        self._making: dict[str, Iterator[None]] = {}
        self._next = later(self, 0, self._step)

    def open(self, page_id: str) -> None:
        """Show a page: at once if it was open before, else when it is made."""
        self._wanted = page_id
        if page_id in self.pages and page_id not in self._making:
            self._show()
            return
        self._making.setdefault(page_id, self._make(page_id))
        self._next.start()

    @property
    def is_making(self) -> bool:
        """Tell whether the page asked for is still to come."""
        return bool(self._making)

    def get(self, page_id: str) -> Page:
        """Return a page, made whole now if it is not yet."""
        if page_id not in self.pages or page_id in self._making:
            making = self._making.setdefault(page_id, self._make(page_id))
            for _turn in making:
                pass
            self._finish(page_id)
        return self.pages[page_id]

    def _make(self, page_id: str) -> Iterator[None]:
        page = self.pages[page_id] = self._makers[page_id]()
        self._scrolls[page_id] = scroll = ScrollPanel(page)
        self.keep(scroll)
        self._prepare(page)
        yield
        yield from self._kept(page)

    def _step(self) -> None:
        """Do the next piece of the page asked for last, else of another that was begun."""
        if not self._making:
            return
        page_id = self._wanted if self._wanted in self._making else next(iter(self._making))
        for _turn in self._making[page_id]:
            self._next.start()
            return
        self._finish(page_id)

    def _finish(self, page_id: str) -> None:
        self._making.pop(page_id, None)
        if self._making:
            self._next.start()
        if page_id == self._wanted:
            self._show()

    def _show(self) -> None:
        self.pages[self._wanted].show()
        self.show_page(self._scrolls[self._wanted])
        self.opened.emit()
