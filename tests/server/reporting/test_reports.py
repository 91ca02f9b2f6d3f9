"""Reports of the server: every template in every form, behind the walls, masked and noted."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from sync_server.analytics import queries
from sync_server.analytics.queries import Question
from sync_server.db.engine import Crossing
from sync_server.reporting import service
from sync_server.reporting.shifts import read_shift
from tests.server.analytics.test_figures import DAYS, decided, report
from tests.server.dispatching import Desk, desk_in
from tests.server.live import Live
from tests.server.world import World, code_of
from trafficdesk.domain.analytics.periods import month_period
from trafficdesk.domain.analytics.place_forecasting import Squares, Unit
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.times_ahead import Times
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Place
from trafficdesk.domain.reporting.asked import Asked, Form
from trafficdesk.domain.reporting.catalogue import TEMPLATES, Template
from trafficdesk.domain.shifts import SHIFT_MS, shift_of, span_of
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Role

CALENDAR = Calendar(19_800_000)
SHIFT = shift_of(CALENDAR, 1_794_999_600_000)
OCTOBER = month_period(2026 * 12 + 9)
WARD = (
    "INSERT INTO wards (tenant_id, city_id, id, name, geometry) VALUES (%s, %s, %s, %s, "
    """'{"type": "Polygon", "coordinates": """
    """[[[76.95, 11.0], [77.0, 11.0], [77.0, 11.05], [76.95, 11.05], [76.95, 11.0]]]}')"""
)
BEGINS = {Form.PDF: b"%PDF-1", Form.HTML: b"<!doctype html>", Form.XLSX: b"PK"}


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone."""
    return World(live)


@pytest.fixture
def desk(world: World) -> Desk:
    """A supervisor's desk."""
    return desk_in(world, Role.SUPERVISOR)


def address(template: str, form: Form, of: str = "") -> str:
    """Return where a report of October is asked for."""
    return f"/analytics/reports/{template}?format={form}&{DAYS}{of}"


def whose(desk: Desk, template: Template) -> str:
    """Return what a template is asked about, if not about the city."""
    if Part.CITY in template.of:
        return ""
    return f"&officer={desk.actor_id}" if Part.OFFICER in template.of else f"&ward={ward_of(desk)}"


def ward_of(desk: Desk) -> UUID:
    """Put a ward into the desk's city."""
    world, ward_id = desk.world, new_id()
    row = world.tenant_id, world.city_id, ward_id, "Gandhipuram"
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute(WARD, row)
    return ward_id


def test_every_template_is_made_and_noted(desk: Desk) -> None:
    report(desk, values=decided(desk, "approved", 3) | {"plate": "TN37BZ4412"})
    for day in (1, 1, 2):
        report(desk, day=day, values={"plate": "TN37BZ4412", "address": "Cross Cut Road, 12"})
    for template in TEMPLATES:
        answer = desk.client.get(address(template.id, Form.HTML, whose(desk, template)))
        assert answer.status_code == 200, answer.text
        assert f"<h1>{template.title}</h1>" in answer.text
    noted = desk.world.audited("report.make")
    assert [each["subject"] for each in noted] == [each.id for each in TEMPLATES]
    assert {each["actor_id"] for each in noted} == {desk.actor_id}


def test_a_report_comes_in_every_form_under_its_name(desk: Desk) -> None:
    for form in Form:
        answer = desk.client.get(address("city-week", form))
        assert answer.content.startswith(BEGINS[form])
        assert f"city-week.{form}" in answer.headers["content-disposition"]


def test_squares_are_those_that_a_desk_would_count(desk: Desk) -> None:
    rows = ((1, 76.9601, 11.0205), (1, 76.9601, 11.0205), (9, 76.9, 11.1), (20, 77.1, 10.9))
    for day, lon, lat in rows:
        report(desk, day=day, values={"lon": lon, "lat": lat, "address": "Cross Cut Road, 12"})
    report(desk, day=1, values={"status": "rejected"})
    squares, first = Squares(Place(76.97, 11.0)), OCTOBER.first_day
    with desk.world.live.server.database.crossing(Crossing.JOB) as connection:
        asked = Question(desk.world.city_id, CALENDAR, Scope(OCTOBER))
        weeks = Times(Unit.WEEK, OCTOBER.past_day).parts(OCTOBER)
        found = queries.count_squares(connection, asked, squares, asked.edges(*weeks.values()))
    expected = Counter(
        (*squares.square_of(Place(lon, lat)), (first + day - OCTOBER.past_day) // 7)
        for day, lon, lat in rows
    )
    assert {
        (each["x"], each["y"], list(weeks)[each["stretch"] - 1]): each["n"] for each in found
    } == expected
    ward_of(desk)
    page = desk.client.get(address("outlook", Form.HTML)).text
    assert "Cross Cut Road, Gandhipuram" in page
    assert "Where patrols may be needed next week" in page
    assert page.count("Cross Cut Road") == 3


def test_days_to_come_are_no_sudden_fall(desk: Desk) -> None:
    now = datetime.now(UTC)
    today = CALENDAR.day_of(to_ms(now)) - OCTOBER.first_day
    for day in range(today - 91, today):
        report(desk, day=day)
        report(desk, day=day)
    days = f"from={(now - timedelta(days=6)).date()}&to={(now + timedelta(days=20)).date()}"
    page = desk.client.get(f"/analytics/reports/city-week?format=html&{days}").text
    assert "Sudden changes" in page
    assert "Nothing changed suddenly." in page


def test_a_shift_is_told_as_dispatch_worked_it(world: World) -> None:
    desk, begin = desk_in(world, Role.SUPERVISOR), span_of(CALENDAR, SHIFT).begin_ms
    minute = 60_000

    def incident(at_ms: int, **values: object) -> UUID:
        return desk.make("incident", occurred_ms=at_ms, reported_ms=at_ms, **values)

    worked = incident(begin + 10 * minute)
    unit = desk.make("unit", call_sign="P1")
    desk.send(unit, worked)  # at a time of its own, which may be before the report
    incident(begin - 30 * minute, reference="INC-EARLIER", needs={"ambulance": 2})
    done = incident(begin - 20 * minute)
    assert desk.push("incident", done, "clear", cleared_ms=begin + minute)["result"] == "applied"
    gone = incident(begin - 90 * minute)
    assert desk.push("incident", gone, "clear", cleared_ms=begin - minute)["result"] == "applied"
    incident(begin + SHIFT_MS, reference="INC-LATER")
    with world.live.server.database.reading(world.tenant_id, [world.city_id]) as connection:
        found = read_shift(connection, world.city_id, span_of(CALENDAR, SHIFT))
    assert (found.filed, found.cleared, found.merged, found.calls) == (1, 1, 0, 0)
    assert len(found.left) == 2
    (earlier,) = (each for each in found.left if each.reference == "INC-EARLIER")
    assert earlier.missing == (("ambulance", 2),)
    (sent,) = (each.sent for each in found.left if each.reference != "INC-EARLIER")
    assert sent == (("P1", "assigned"),)
    assert [unit[:2] for unit in found.units] == [("P1", "en_route")]
    assert {name: n for name, _, _, n in found.took} == {
        "to_dispatch": 1,
        "to_arrival": 0,
        "to_clear": 0,
    }
    page = desk.client.get(address("shift", Form.HTML, "&shift=2026-11-18T15:00")).text
    assert "INC-EARLIER" in page
    assert "INC-LATER" not in page
    assert "18 Nov 2026 14:00 to 18 Nov 2026 22:00" in page


def test_a_report_comes_in_the_language_it_is_asked_for_in(desk: Desk) -> None:
    answer = desk.client.get(address("city-week", Form.HTML, "&language=ta"))
    assert '<html lang="ta">' in answer.text
    assert "நகரின் வாரம்" in answer.text
    assert desk.client.get(address("city-week", Form.HTML, "&language=xx")).status_code == 400


def test_plates_are_whole_for_who_may_read_them_and_masked_for_others(world: World) -> None:
    supervisor = desk_in(world, Role.SUPERVISOR)
    for day in range(3):
        report(supervisor, day=day, values={"plate": "TN37BZ4412"})
    pages = [
        each.client.get(address("repeat-offenders", Form.HTML)).text
        for each in (supervisor, desk_in(world, Role.DISPATCHER))
    ]
    assert "TN 37 BZ 4412" in pages[0]
    assert "TN37\N{BULLET}" in pages[1]
    assert "4412" not in pages[1]
    assert "masked" in pages[1]


def test_a_report_is_made_only_for_whoever_may_have_it(world: World) -> None:
    officer, other = desk_in(world, Role.OFFICER), desk_in(world, Role.SUPERVISOR)
    for path, code in (
        (address("audit", Form.PDF), "not_permitted"),
        (address("review-quality", Form.PDF), "not_permitted"),
        (address("officer-performance", Form.PDF, f"&officer={other.actor_id}"), "not_permitted"),
        (address("officer-performance", Form.PDF), "bad_request"),
        (address("no-such", Form.PDF), "not_found"),
        (address("ward-safety", Form.PDF, f"&ward={new_id()}"), "not_found"),
    ):
        assert code_of(officer.client.get(path)) == code, path
    own = address("officer-performance", Form.HTML, f"&officer={officer.actor_id}")
    assert officer.client.get(own).status_code == 200
    told = officer.client.get("/analytics/reports").json()["data"]
    assert {each["id"] for each in told} == {
        each.id for each in TEMPLATES if each.id not in {"audit", "review-quality"}
    }


def test_the_operator_has_every_report_masked(desk: Desk, tmp_path: Path) -> None:
    for day in range(3):
        report(desk, day=day, values={"plate": "TN37BZ4412"})
    world = desk.world
    maker = service.Maker(world.tenant_id, world.city_id)
    path = tmp_path / "out.html"
    asked = Asked("repeat-offenders", OCTOBER)
    made = service.make_report(world.live.server, maker, asked, Form.HTML, path)
    assert made.document.is_masked
    assert "4412" not in path.read_text(encoding="utf-8")
    assert [each["actor_id"] for each in world.audited("report.make")] == [None]
