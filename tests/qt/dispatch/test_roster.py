"""Units on the dispatch screen: enlisted, changed, retired, by keyboard."""

from PySide6.QtCore import Qt

from tests.conftest import MakeSession
from tests.qt.dispatch.conftest import CONTROL, Desk, EnlistUnit, OpenDesk
from tests.services.dispatching import file, send
from trafficdesk.domain.skills import Skill
from trafficdesk.domain.vocabulary import Role, Step, UnitKind
from trafficdesk.qt.dispatch.unit_form import UnitForm
from trafficdesk.services import dispatch, units
from trafficdesk.store.units import UnitNow

SHIFT = Qt.KeyboardModifier.ShiftModifier


def form_of(desk: Desk) -> UnitForm:
    form = desk.work.doing.roster.form
    assert form is not None
    desk.wait(form.isVisible)
    return form


def known(desk: Desk) -> list[UnitNow]:
    return units.find_units(desk.session)


def test_a_desk_without_units_gets_its_first_by_keyboard(open_desk: OpenDesk) -> None:
    desk = open_desk()
    assert desk.work.units.empty.isVisible()
    desk.press("u")
    form = form_of(desk)
    desk.hit(Qt.Key.Key_Return, CONTROL)
    assert form.call_sign.error.text(), "a unit has a call sign"
    desk.press("P21")
    form.kind.choose({str(UnitKind.AMBULANCE)})
    form.crew.set_text("two paramedics")
    form.skills.choose({Skill.FIRST_AID, Skill.RESCUE})
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(lambda: len(desk.work.lines.units) == 1 and not form.isVisible())
    (one,) = known(desk)
    made = one.unit
    assert (made.call_sign, made.kind, made.crew) == ("P21", UnitKind.AMBULANCE, "two paramedics")
    assert made.skills == (Skill.FIRST_AID, Skill.RESCUE)
    assert desk.toast.startswith("P21 enlisted")
    desk.press("u")
    desk.wait(form.isVisible)
    assert not form.call_sign.text()
    desk.press("p21")
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(lambda: "call sign" in form.message.title())
    assert form.isVisible()
    assert form.call_sign.text() == "p21"


def test_a_unit_is_changed_and_keeps_skills_that_nobody_here_knows(
    open_desk: OpenDesk, enlist: EnlistUnit
) -> None:
    unit_id = enlist("P12", skills=("tamil", "rescue"))
    desk = open_desk()
    desk.work.focus_units()
    desk.wait(lambda: desk.work.unit is not None)
    desk.hit(Qt.Key.Key_U, SHIFT)
    form = form_of(desk)
    assert form.skills.chosen() == {"tamil", "rescue"}
    form.call_sign.set_text("P13")
    form.skills.choose({"tamil", "first aid"})
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(lambda: desk.unit(unit_id).unit.call_sign == "P13")
    assert desk.unit(unit_id).unit.skills == ("tamil", "first aid")
    desk.press("z", CONTROL)
    desk.wait(lambda: desk.unit(unit_id).unit.call_sign == "P12")


def test_a_unit_that_is_out_is_not_retired_and_one_that_is_free_is(
    open_desk: OpenDesk, enlist: EnlistUnit
) -> None:
    unit_id = enlist("P12")
    desk = open_desk()
    (sent,) = send(desk.session, file(desk.session), desk.unit(unit_id).unit)
    desk.work.focus_units()
    desk.wait(lambda: desk.work.unit is not None)
    desk.hit(Qt.Key.Key_U, SHIFT)
    form = form_of(desk)
    form.retire.click()
    desk.wait(lambda: "out" in form.message.title())
    assert dispatch.step(desk.session, sent.id, Step.CLEARED).is_done
    form.retire.click()
    desk.wait(lambda: not desk.work.lines.units)
    assert known(desk) == []
    assert not form.isVisible()


def test_whoever_may_not_manage_units_is_told(
    open_desk: OpenDesk, make_session: MakeSession
) -> None:
    desk = open_desk(make_session(Role.OFFICER, "Meena K"))
    desk.press("u")
    assert desk.work.doing.roster.form is None
    assert desk.refused[-1][1] == "Your role may not do this"
