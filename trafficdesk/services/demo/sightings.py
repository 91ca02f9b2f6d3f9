"""What a witness saw and sent: the report itself and the brief for its pictures."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from trafficdesk.domain.demo.chance import happens
from trafficdesk.domain.demo.town import ZONE
from trafficdesk.domain.records import NewReport
from trafficdesk.domain.vocabulary import Source, VehicleType, Violation
from trafficdesk.services.demo import words
from trafficdesk.services.demo.city import DemoCity, moved
from trafficdesk.services.demo.decisions import OPEN_FATES, Fate
from trafficdesk.services.demo.scenes import SceneBrief
from trafficdesk.services.demo.traffic import KINDS, WEEKDAYS, Kind
from trafficdesk.services.demo.vehicles import Fleet, Vehicle

_SOURCES = {Source.APP: 62, Source.WEB: 20, Source.OFFICER: 11, Source.DEVICE: 4, Source.API: 3}
_ACCURACIES_M = (5, 6, 8, 10, 12, 16, 24, 40, 80)


@dataclass(frozen=True, slots=True)
class Cast:
    """The ids a story speaks of: city, stations and citizens in the order of ``people``."""

    city_id: UUID
    station_ids: tuple[UUID, ...]
    citizen_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One report and the vehicle it is about (also when its plate was not read)."""

    report: NewReport
    vehicle: Vehicle


@dataclass(frozen=True)
class Witnesses:
    """Makes sightings by chance, all from the same dice."""

    city: DemoCity
    cast: Cast
    now: datetime
    rng: Random
    fleet: Fleet

    def sighting(self, fate: Fate) -> Sighting:
        """Return a sighting at an hour and on a day that fit its kind and fate."""
        rng = self.rng
        (kind,) = rng.choices(KINDS, [kind.weight for kind in KINDS])
        (wheels,) = rng.choices(tuple(kind.vehicles), tuple(kind.vehicles.values()))
        (severity,) = rng.choices(tuple(kind.severities), tuple(kind.severities.values()))
        (source,) = rng.choices(tuple(_SOURCES), tuple(_SOURCES.values()))
        vehicle, spot = self.fleet.pick(wheels), self.city.pick(rng)
        occurred_at = self._occurred_at(kind, fate)
        accuracy_m = round(rng.choice(_ACCURACIES_M) * rng.uniform(0.8, 1.3), 1)
        report = NewReport(
            violations=self._violations(kind, wheels),
            severity=severity,
            place=moved(spot.place, rng, min(accuracy_m, 15.0)),
            occurred_at=occurred_at,
            reported_at=self._reported_at(occurred_at, source),
            city_id=self.cast.city_id,
            station_id=self.cast.station_ids[spot.station],
            accuracy_m=accuracy_m,
            address=", ".join(part for part in (spot.road, spot.heading) if part),
            area=spot.area,
            plate="" if happens(rng, 0.06) else vehicle.plate,
            vehicle_type=vehicle.kind,
            vehicle_text=vehicle.text,
            description=words.RECORDED
            if source is Source.DEVICE
            else self._said(kind.violation, vehicle, spot.road),
            source=source,
            reporter_id=self._reporter(source),
        )
        return Sighting(report, vehicle)

    def another_sighting(self, first: Sighting) -> Sighting:
        """Return what another witness sent of the same event: a little aside, a little later."""
        rng, seen = self.rng, first.report
        gap = timedelta(seconds=rng.randint(-240, 420))
        occurred_at = min(seen.occurred_at + gap, self.now - timedelta(minutes=2))
        road = seen.address.split(",", maxsplit=1)[0]
        report = replace(
            seen,
            place=moved(seen.place, rng, 30.0),
            occurred_at=_whole(occurred_at),
            reported_at=self._reported_at(occurred_at, Source.APP),
            description=self._said(
                Violation(seen.violations[0]), first.vehicle, road, seen.description
            ),
            source=rng.choice((Source.APP, Source.WEB)),
            reporter_id=self._reporter(Source.APP),
            plate=first.vehicle.plate if happens(rng, 0.85) else "",
        )
        return Sighting(report, first.vehicle)

    def brief(self, sighting: Sighting, seed: int) -> SceneBrief:
        """Return what the pictures of a sighting show, and what the camera wrote into them."""
        rng, report, vehicle = self.rng, sighting.report, sighting.vehicle
        seen_at = report.occurred_at.astimezone(ZONE)
        exif_at = None
        if happens(rng, 0.9):
            exif_at = seen_at + timedelta(seconds=rng.randint(-8, 95))
            if happens(rng, 0.06):  # an old picture
                exif_at -= timedelta(hours=rng.randint(7, 60))
        exif_place = None
        if happens(rng, 0.8):
            exif_place = moved(report.place, rng, 900.0 if happens(rng, 0.06) else 14.0)
        unsteady = rng.uniform(2.5, 4.5) if not report.plate else 1.2 * happens(rng, 0.1)
        return SceneBrief(
            seed=seed,
            violation=report.violations[0],
            vehicle=vehicle.kind,
            plate=vehicle.plate,
            paint=vehicle.paint,
            seen_at=seen_at,
            exif_at=exif_at,
            exif_place=exif_place,
            stamp=self._stamp(report, seen_at),
            blur_px=unsteady,
        )

    def _violations(self, kind: Kind, wheels: VehicleType) -> tuple[str, ...]:
        codes = [kind.violation.value]
        on_two_wheels = wheels is VehicleType.TWO_WHEELER
        if on_two_wheels and kind.violation is Violation.TRIPLE_RIDING and happens(self.rng, 0.5):
            codes.append(Violation.NO_HELMET.value)
        return tuple(codes)

    def _said(self, violation: Violation, vehicle: Vehicle, road: str, but: str = "") -> str:
        """Return a sentence by chance, another one than ``but``."""
        kind, _, paint = vehicle.text.partition(", ")
        sentences = [
            sentence.format(vehicle=f"{paint} {kind.lower()}", road=road)
            for sentence in words.SAID[violation]
        ]
        said = self.rng.choice([s for s in sentences if s.lower() != but.lower()])
        return said[:1].upper() + said[1:]

    def _reporter(self, source: Source) -> UUID | None:
        """Return a citizen, or nobody for officers, cameras and anonymous reports."""
        if source not in {Source.APP, Source.WEB} or happens(self.rng, 0.28):
            return None
        # Some citizens report much more than others.
        ids = self.cast.citizen_ids
        return ids[int(len(ids) * self.rng.random() ** 1.8)]

    def _reported_at(self, occurred_at: datetime, source: Source) -> datetime:
        delay_min = self.rng.uniform(1, 6) if source is Source.APP else self.rng.uniform(4, 25)
        latest = max(occurred_at, self.now - timedelta(minutes=1))
        return _whole(min(occurred_at + timedelta(minutes=delay_min), latest))

    def _occurred_at(self, kind: Kind, fate: Fate) -> datetime:
        rng, now = self.rng, self.now.astimezone(ZONE)
        latest, earliest = timedelta(hours=40), timedelta(days=365)
        if fate in OPEN_FATES:
            latest, earliest = timedelta(minutes=9), timedelta(hours=30)
        elif fate is Fate.ASKED:
            latest, earliest = timedelta(hours=20), timedelta(days=6)
        tries = [latest + (earliest - latest) * rng.random() ** 1.15 for _ in range(16)]
        instants = [now - ago for ago in tries]
        weights = [kind.hours[at.hour] * WEEKDAYS[at.weekday()] for at in instants]
        (at,) = rng.choices(instants, weights)
        return _whole(at.astimezone(self.now.tzinfo))

    def _stamp(self, report: NewReport, seen_at: datetime) -> str:
        if report.source is not Source.DEVICE:
            return ""
        stamp = f"CAM {self.rng.randint(3, 40):02d}   {seen_at:%d-%m-%Y %H:%M:%S}"
        if report.violations[0] == Violation.SPEED:
            stamp += f"   {self.rng.randint(58, 94)} km/h   LIMIT 40"
        return stamp


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)
