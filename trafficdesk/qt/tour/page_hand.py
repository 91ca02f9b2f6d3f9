"""Real mouse clicks on what the map's page shows."""

import json
from typing import Any

from PySide6.QtCore import QPoint

from trafficdesk.qt.map.map_view import MapView
from trafficdesk.qt.tour.walk import TourFault, Walk


class PageHand:
    """Finds elements of the page and clicks them as a person would."""

    def __init__(self, view: MapView, walk: Walk) -> None:
        self._view = view
        self._walk = walk

    def _ask(self, script: str) -> Any:  # noqa: ANN401 - whatever the page answers, as JSON
        answers: list[str] = []
        self._view.page.runJavaScript(f"JSON.stringify({script})", 0, answers.append)
        self._walk.wait(lambda: answers, "the page to answer")
        return json.loads(answers[0])

    def count(self, selector: str) -> int:
        """Return how many elements fit a selector."""
        return int(self._ask(f"document.querySelectorAll({json.dumps(selector)}).length"))

    def rest(self) -> None:
        """Wait until the page has drawn what it shows. Raises ``TourFault``."""
        self._walk.settle(1.0)
        self._walk.wait(lambda: self._ask("DeskMap.isDrawn()"), "the base map to be drawn")
        self._walk.settle(0.5)  # names step out of the way of symbols

    def click(self, selector: str) -> None:
        """Click the middle of the element nearest the view's middle. Raises ``TourFault``."""
        middle = self._ask(
            f"""(() => {{
              const far = (b) => Math.hypot(b.x + b.width / 2 - innerWidth / 2,
                                            b.y + b.height / 2 - innerHeight / 2);
              const boxes = [...document.querySelectorAll({json.dumps(selector)})]
                .map((e) => e.getBoundingClientRect()).sort((a, b) => far(a) - far(b));
              return boxes.length
                ? [boxes[0].x + boxes[0].width / 2, boxes[0].y + boxes[0].height / 2] : null;
            }})()"""
        )
        if middle is None:
            raise TourFault(f"nothing on the map fits {selector}")
        self._walk.click(self._view.web_widget(), QPoint(round(middle[0]), round(middle[1])))
