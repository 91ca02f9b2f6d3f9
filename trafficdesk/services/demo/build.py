"""Making a demo profile: a desk in Coimbatore that can be unlocked, triaged and mapped at once."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from trafficdesk.domain.demo import people
from trafficdesk.domain.demo.town import BOUNDS, CENTRE, CITY_CODE, CITY_NAME, TIME_ZONE
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import City, Officer, Station, Ward
from trafficdesk.domain.vocabulary import GeofenceKind
from trafficdesk.instance import HeldByOther, hold_profile
from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import SetUp, add_officer, set_up
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.password_kdf import MIN_MEMORY_MIB, MIN_PASSES, KdfParameters
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.services import areas, desk
from trafficdesk.services.demo import arrivals, duty
from trafficdesk.services.demo.city import DemoCity, load_city
from trafficdesk.services.demo.marker import DEMO_PASSWORD, DemoMark, find_mark, write_mark
from trafficdesk.services.demo.progress import DemoCancelledError, Stage, Watch
from trafficdesk.services.demo.removal import wipe
from trafficdesk.services.demo.scale import ScaleCast, scale_rows
from trafficdesk.services.demo.sightings import Cast
from trafficdesk.services.demo.story import DEFAULT_REPORTS, tell
from trafficdesk.services.people import seal_identity
from trafficdesk.services.session import Session
from trafficdesk.shipped import shipped
from trafficdesk.store import bulk, citizens, officers, places

# The floor the product keeps for itself: ten slots are made in seconds, not in half a minute.
DEMO_KDF = KdfParameters(MIN_MEMORY_MIB * 1024, MIN_PASSES, 1)
_TELL_EVERY = 5_000
_PATROL_AREAS = (
    ("Gandhipuram bus stands", GeofenceKind.PATROL_AREA, (76.9625, 11.0140, 76.9720, 11.0215)),
    ("Town Hall no-parking zone", GeofenceKind.GEOFENCE, (76.9575, 10.9938, 76.9650, 10.9995)),
    ("Avinashi Road night patrol", GeofenceKind.PATROL_AREA, (76.9960, 11.0165, 77.0220, 11.0315)),
)

InstallMap = Callable[[Path], object]


class DemoRefusal(StrEnum):
    """Why no demo is made or removed."""

    PROFILE_IN_USE = "profile_in_use"
    NOT_A_DEMO = "not_a_demo"


@dataclass(frozen=True, slots=True)
class DemoRefused:
    """Nothing was done."""

    code: DemoRefusal


@dataclass(frozen=True, slots=True)
class DemoMade:
    """A demo was made, or was there already (``is_new`` false)."""

    officers: int
    citizens: int
    reports: int
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class DemoCancelled:
    """The user stopped it; nothing of it is left."""


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """How large a demo is and what puts the base map in (``maps.sketch.install_sketch``).

    ``scale`` is the number of all reports, ``told`` of those with pictures and a history.
    """

    scale: int = DEFAULT_REPORTS
    told: int = DEFAULT_REPORTS
    install_map: InstallMap | None = None
    kdf: KdfParameters = DEMO_KDF


def make_demo(
    profile: Profile, plan: DemoPlan | None = None, watch: Watch | None = None
) -> DemoMade | DemoRefused | DemoCancelled:
    """Make a demo in an empty profile; one that is there already is kept.

    One that was interrupted is made anew. A profile with a real desk is refused. The profile is
    held while this runs; a caller that holds it already is refused as well.

    Raises:
        StoreError: the store cannot be made.
        OSError: the folder cannot be written or the disk is full.
    """
    plan, watch = plan or DemoPlan(), watch or Watch()
    lock = hold_profile(profile.instance_lock)
    if isinstance(lock, HeldByOther):
        return DemoRefused(DemoRefusal.PROFILE_IN_USE)
    with lock:
        mark = find_mark(profile)
        if mark is not None and mark.complete:
            return DemoMade(len(people.OFFICERS), people.CITIZENS, mark.reports, is_new=False)
        if mark is not None:
            wipe(profile)
        elif any(p.exists() for p in (profile.database, profile.key_slots, profile.founded)):
            return DemoRefused(DemoRefusal.NOT_A_DEMO)
        write_mark(profile, DemoMark(DEMO_PASSWORD, complete=False, reports=0))
        try:
            made = _make(profile, plan, watch)
        except DemoCancelledError:
            wipe(profile)
            return DemoCancelled()
        write_mark(profile, DemoMark(DEMO_PASSWORD, complete=True, reports=made.reports))
        return made


def remove_demo(profile: Profile) -> DemoRefused | None:
    """Remove what ``make_demo`` made; None when done. Base maps imported since are kept.

    Raises:
        OSError: a file cannot be removed.
    """
    if find_mark(profile) is None:
        return DemoRefused(DemoRefusal.NOT_A_DEMO)
    lock = hold_profile(profile.instance_lock)
    if isinstance(lock, HeldByOther):
        return DemoRefused(DemoRefusal.PROFILE_IN_USE)
    with lock:
        wipe(profile)
    profile.instance_lock.unlink(missing_ok=True)
    with suppress(OSError):  # something else lies there: it is not ours to remove
        profile.folder.rmdir()
    return None


def _make(profile: Profile, plan: DemoPlan, watch: Watch) -> DemoMade:
    city = load_city()
    home = _home()
    stations = [
        home.station,
        *(Station(new_id(), home.city.id, s.name, s.place) for s in people.STATIONS[1:]),
    ]
    crew = [
        Officer(new_id(), o.name, o.initials, o.rank, o.role, stations[o.station].id)
        for o in people.OFFICERS
    ]
    session = _open(profile, plan, home, crew, watch)
    try:
        cast = _settle_in(session, stations, crew)
        small = min(plan.scale, plan.told)
        if plan.scale > small:
            _write_many(session, city, cast, crew, (plan.scale - small, watch))
        # First, for the stories leave confirmed what came before the desk's last hours.
        duty.tell_duty(session, crew, city, cast.station_ids)
        _write_stories(session, city, cast, crew, (small, watch))
        watch.progress(Stage.MAP, 0, 1)
        draw_areas(session)
        if plan.install_map is not None:
            plan.install_map(profile.packs)
        watch.progress(Stage.MAP, 1, 1)
    finally:
        desk.close_session(session, "lock")
    return DemoMade(len(crew), people.CITIZENS, plan.scale)


def _home() -> desk.Home:
    city = City(new_id(), CITY_CODE, CITY_NAME, TIME_ZONE, CENTRE, BOUNDS)
    first = people.STATIONS[0]
    return desk.Home(city, Station(new_id(), city.id, first.name, first.place), "D1")


def _open(
    profile: Profile, plan: DemoPlan, home: desk.Home, crew: list[Officer], watch: Watch
) -> Session:
    """Make the slots of all officers and the store; return the admin's session."""
    holders = [Holder(o.id, o.name, o.initials, o.rank, o.role) for o in crew]
    admin, others = holders[-1], holders[:-1]
    key = _key(set_up(profile, admin, DEMO_PASSWORD, kdf=plan.kdf))
    for holder in watch.each(Stage.PEOPLE, others, len(others)):
        add_officer(profile, key, holder, DEMO_PASSWORD)
    desk.create_store(profile, key, home, crew[-1])
    return desk.open_session(profile, key, admin)


def _key(made: SetUp | PasswordRefused) -> SecretKey:
    match made:
        case SetUp():
            return made.key
        case PasswordRefused():
            raise AssertionError(f"the demo's own password is refused: {made}")


def _settle_in(session: Session, stations: list[Station], crew: list[Officer]) -> Cast:
    """Write stations, wards, officers and citizens."""
    city_id = stations[0].city_id
    citizen_ids: list[UUID] = []
    with session.store.writing() as connection:
        for station in stations:
            places.put_station(connection, station)
        for officer in crew:
            officers.put(connection, officer)
        for ward in _wards(city_id):
            places.put_ward(connection, ward)
        for citizen in people.citizens():
            citizen_id = new_id()
            citizen_ids.append(citizen_id)
            sealed = seal_identity(session.data_key, citizen_id, citizen.identity)
            row = citizens.CitizenRow(
                citizen_id, citizen.pseudonym, sealed, citizen.decided, citizen.approved
            )
            citizens.put(connection, row)
    return Cast(city_id, tuple(station.id for station in stations), tuple(citizen_ids))


def _wards(city_id: UUID) -> list[Ward]:
    text = shipped("basemaps", "coimbatore", "wards.geojson").read_text("utf-8")
    return [
        Ward(new_id(), city_id, f["properties"]["name"], json.dumps(f["geometry"]))
        for f in json.loads(text)["features"]
    ]


def _write_many(
    session: Session,
    city: DemoCity,
    cast: Cast,
    crew: list[Officer],
    amount: tuple[int, Watch],
) -> None:
    count, watch = amount
    with session.store.writing() as connection:
        wards = [places.find_ward_at(connection, spot.place) for spot in city.spots]
        reviewers = tuple(crew[i].id for i in (*people.REVIEWERS, *people.SUPERVISORS))
        ids = ScaleCast(cast.city_id, cast.station_ids, reviewers, cast.citizen_ids, wards)
        rows = scale_rows(city, ids, session.clock(), count)
        bulk.load(connection, watch.each(Stage.MANY_REPORTS, rows, count, _TELL_EVERY))


def _write_stories(
    session: Session,
    city: DemoCity,
    cast: Cast,
    crew: list[Officer],
    amount: tuple[int, Watch],
) -> None:
    count, watch = amount
    now = session.clock()
    stories = tell(city, cast, now, count)
    photos = arrivals.keep_pictures(session, stories, watch)
    written = arrivals.write_reports(session, stories, photos)
    acting = replace(session, clock=lambda: now)
    arrivals.take_steps(acting, crew, stories, written, watch)


def draw_areas(session: Session) -> None:
    """Draw the areas that a supervisor of the demo has drawn."""
    for name, kind, (west, south, east, north) in _PATROL_AREAS:
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        areas.draw(session, name, kind, json.dumps({"type": "Polygon", "coordinates": [ring]}))
