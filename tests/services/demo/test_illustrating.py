"""Pictures drawn by other processes are those drawn here, and a lost process costs none."""

from dataclasses import replace
from datetime import datetime

import pytest

from trafficdesk.domain.demo.town import ZONE
from trafficdesk.domain.vocabulary import VehicleType, Violation
from trafficdesk.services.demo import illustrating
from trafficdesk.services.demo.illustrating import illustrate, illustrations
from trafficdesk.services.demo.scenes import SceneBrief
from trafficdesk.services.pictures import Examined

# Night here and day in Greenwich: a process must draw the light of the city.
AT = datetime(2026, 11, 21, 21, 0, tzinfo=ZONE)
BRIEF = SceneBrief(1, Violation.SPEED, VehicleType.CAR, "TN37BZ4412", "white", AT, AT, None)
ORDERS = [(replace(BRIEF, seed=seed), seed % 3) for seed in range(5)]


def test_workers_draw_the_same_pictures_in_the_same_order() -> None:
    assert list(illustrations(ORDERS, workers=2)) == [illustrate(order) for order in ORDERS]


class _Dying(illustrating._Worker):
    def take(self) -> list[Examined] | None:
        answer = super().take()
        self._process.kill()
        return answer


def test_what_a_dead_worker_does_not_answer_is_drawn_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(illustrating, "_Worker", _Dying)
    assert list(illustrations(ORDERS, workers=1)) == [illustrate(order) for order in ORDERS]


def test_few_pictures_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(illustrating, "_Worker", None)
    assert len(list(illustrations(ORDERS[:2]))) == 2
