"""*This desk* says how the machine stands with newer versions, and who has to do something."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from trafficdesk.domain.times import utc_now
from trafficdesk.policy.reading import MachinePolicy, read_policy
from trafficdesk.qt.admin.this_desk import DeskPage
from trafficdesk.qt.admin.updates_block import UpdatesBlock
from trafficdesk.qt.admin.workspace import AdminWorkspace
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.services.session import Session
from trafficdesk.updates.standing import Here, Standing

ZONE = ZoneInfo("Asia/Kolkata")
GOOD = Standing(
    runs="0.2.0",
    package="0.1.0",
    previous="",
    newest="0.2.0",
    refused={},
    heard_at=utc_now(),
    expires_at=utc_now() + timedelta(days=180),
    fault="",
    fault_at=None,
)
POLICY = b'{"server": {"address": "https://sync.example"}, "updates": {"channel": "pilot"}}'


def said(block: QWidget) -> str:
    return "\n".join(
        label.text() for label in block.findChildren(Label) if label.isVisibleTo(block)
    )


@pytest.fixture
def block(equipment: Equipment, qtbot: QtBot) -> UpdatesBlock:
    made = UpdatesBlock(read_policy(POLICY, "policies.json"), equipment)
    qtbot.addWidget(made)
    made.show()
    made.open(ZONE)
    qtbot.waitUntil(lambda: "not installed as a package" in said(made))
    return made


def test_a_machine_in_order_shows_facts_and_asks_nobody(block: UpdatesBlock, qtbot: QtBot) -> None:
    block.show_here(Here("0.2.0", GOOD))
    qtbot.waitUntil(lambda: "0.2.0" in said(block))
    words = said(block)
    assert "The server, also what is being tried" in words
    assert f"{GOOD.heard_at:%Y}" in words
    assert "IT" not in words.replace("Updates", "")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"runs": "0.3.0"}, "0.3.0 runs when this desk is opened next."),
        ({"refused": {"0.3.0": "fonts"}}, "0.3.0 is not taken on this machine: it failed"),
        ({"refused": {"0.3.0": "rolled_back"}}, "IT took it back"),
        ({"fault": "update.expired"}, "update.expired"),
        ({"expires_at": utc_now() + timedelta(days=20)}, "Tell IT to renew them"),
        ({"expires_at": utc_now() - timedelta(days=1)}, "ran out on"),
        ({"heard_at": None}, "Never"),
    ],
)
def test_what_somebody_has_to_know_is_a_sentence(
    block: UpdatesBlock, change: dict[str, Any], sentence: str, qtbot: QtBot
) -> None:
    block.show_here(Here("0.2.0", replace(GOOD, **change)))
    qtbot.waitUntil(lambda: sentence in said(block))


def test_without_a_server_or_a_word_of_the_policy_updates_are_off(
    equipment: Equipment, qtbot: QtBot
) -> None:
    block = UpdatesBlock(MachinePolicy(), equipment)
    qtbot.addWidget(block)
    block.show()
    block.show_here(Here("0.2.0", GOOD))
    qtbot.waitUntil(lambda: "Off: only what IT brings in a folder" in said(block))


def test_the_page_of_a_checkout_says_that_it_is_not_updated(
    admin: Session,
    make_workspace: Callable[..., AdminWorkspace],
    qtbot: QtBot,
) -> None:
    page = make_workspace(admin).open_section("desk")
    assert isinstance(page, DeskPage)
    qtbot.waitUntil(lambda: "not installed as a package" in said(page.updates))
