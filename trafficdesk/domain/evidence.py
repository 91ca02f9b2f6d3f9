"""How well a report is supported by what came with it: a score from 0 to 100 and its reasons.

The weights add up to 100 and are judgements, not measurements: a sharp photo of a readable plate,
taken where and when the reporter says, makes a report that an officer can decide on alone.

| what                          | best | worst | why                                               |
|-------------------------------|------|-------|---------------------------------------------------|
| photos (1, 2, 3 or more)      |   24 |     0 | without a picture it is word against word         |
| photo's time against claim    |   12 |    -6 | full to 2 min, nothing from 30, against from 6 h  |
| photo's place against claim   |   12 |    -6 | full to 50 m, nothing from 250, against from 1 km |
| accuracy of the claimed place |    8 |     0 | full to 15 m, nothing from 100                    |
| plate (regular, irregular)    |   20 |     0 | without it nobody can be held to account          |
| sharpness of the best photo   |    6 |    -4 | Laplacian variance at 1024 px                     |
| brightness of the best photo  |    4 |    -4 | mean luma; too dark or washed out                 |
| description                   |    4 |     0 | a sentence says what the picture cannot           |
| reporter's history            |    6 |    -6 | share approved, smoothed by two unknown cases     |
| source                        |    4 |     0 | an officer or a sealed device saw it              |

One photo is worth at least what its own flaws can cost, so sending one never lowers the score.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from trafficdesk.domain.plates import is_regular_plate
from trafficdesk.domain.vocabulary import Source

MAX_SCORE = 100

PHOTO_POINTS = (0, 20, 22, 24)
TIME_MATCHES_MIN, TIME_DOUBTFUL_MIN, TIME_CONTRADICTS_MIN = 2.0, 30.0, 360.0
PLACE_MATCHES_M, PLACE_DOUBTFUL_M, PLACE_CONTRADICTS_M = 50.0, 250.0, 1_000.0
MATCH_POINTS, CONTRADICTION_POINTS = 12, -6
ACCURACY_FULL_M, ACCURACY_NONE_M, ACCURACY_POINTS = 15.0, 100.0, 8
BLURRED_BELOW, SHARP_FROM = 20.0, 120.0
SHARP_POINTS, BLURRED_POINTS = 6, -4
DARK_BELOW, LIT_FROM, LIT_TO, WASHED_OUT_ABOVE = 22.0, 55.0, 205.0, 240.0
LIT_POINTS, UNLIT_POINTS = 4, -4
SOME_WORDS, ENOUGH_WORDS = 20, 60
REPORTER_POINTS = 6


class PlateFact(IntEnum):
    """What is known of the plate; a greater value is better evidence."""

    NONE = 0
    IRREGULAR = 1
    REGULAR = 2


PLATE_POINTS = {PlateFact.NONE: 0, PlateFact.IRREGULAR: 8, PlateFact.REGULAR: 20}
SOURCE_POINTS = {Source.OFFICER: 4, Source.DEVICE: 4, Source.APP: 2}


class EvidenceCode(StrEnum):
    """Stable names of the reasons; the screen makes sentences of them."""

    PHOTOS = "photos"
    NO_PHOTO = "no_photo"
    TIME_MATCHES = "time_matches"
    TIME_DOUBTFUL = "time_doubtful"
    TIME_CONTRADICTS = "time_contradicts"
    TIME_UNKNOWN = "time_unknown"
    PLACE_MATCHES = "place_matches"
    PLACE_DOUBTFUL = "place_doubtful"
    PLACE_CONTRADICTS = "place_contradicts"
    PLACE_UNKNOWN = "place_unknown"
    POSITION_ACCURATE = "position_accurate"
    POSITION_COARSE = "position_coarse"
    PLATE_REGULAR = "plate_regular"
    PLATE_IRREGULAR = "plate_irregular"
    NO_PLATE = "no_plate"
    SHARP = "sharp"
    BLURRED = "blurred"
    WELL_LIT = "well_lit"
    TOO_DARK = "too_dark"
    WASHED_OUT = "washed_out"
    DESCRIBED = "described"
    NOT_DESCRIBED = "not_described"
    REPORTER_TRUSTED = "reporter_trusted"
    REPORTER_DOUBTED = "reporter_doubted"
    TRUSTED_SOURCE = "trusted_source"


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What is known of a report. Photo facts are those of the best photo; None means unknown.

    ``taken_gap_min`` is the absolute distance between the photo's own time and the claimed one,
    ``photo_distance_m`` that between the photo's own place and the claimed one. ``sharpness`` is
    the Laplacian variance and ``brightness`` the mean luma (0 to 255) of the examined picture.
    """

    photos: int = 0
    taken_gap_min: float | None = None
    photo_distance_m: float | None = None
    accuracy_m: float | None = None
    plate: PlateFact = PlateFact.NONE
    sharpness: float | None = None
    brightness: float | None = None
    description_length: int = 0
    reporter_approved: int = 0
    reporter_decided: int = 0
    source: Source = Source.WEB


@dataclass(frozen=True, slots=True)
class EvidenceReason:
    """One reason: its points (may be 0 or negative) and the figures a sentence needs."""

    code: EvidenceCode
    points: int
    data: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The score from 0 to 100 and its reasons, in the order they are shown."""

    score: int
    reasons: tuple[EvidenceReason, ...]


def plate_fact(token: str) -> PlateFact:
    """Return what a plate token is worth (see ``domain.plates``)."""
    if not token:
        return PlateFact.NONE
    return PlateFact.REGULAR if is_regular_plate(token) else PlateFact.IRREGULAR


def evidence_of(facts: EvidenceFacts) -> Evidence:
    """Return score and reasons; better evidence never lowers the score."""
    reasons = [
        _photos(facts.photos),
        *(_photo_reasons(facts) if facts.photos else ()),
        _plate(facts.plate),
        *_claim_reasons(facts),
    ]
    total = sum(reason.points for reason in reasons)
    return Evidence(min(MAX_SCORE, max(0, total)), tuple(reasons))


def _photos(count: int) -> EvidenceReason:
    if count <= 0:
        return EvidenceReason(EvidenceCode.NO_PHOTO, 0)
    points = PHOTO_POINTS[min(count, len(PHOTO_POINTS) - 1)]
    return EvidenceReason(EvidenceCode.PHOTOS, points, {"count": count})


def _plate(plate: PlateFact) -> EvidenceReason:
    codes = {
        PlateFact.NONE: EvidenceCode.NO_PLATE,
        PlateFact.IRREGULAR: EvidenceCode.PLATE_IRREGULAR,
        PlateFact.REGULAR: EvidenceCode.PLATE_REGULAR,
    }
    return EvidenceReason(codes[plate], PLATE_POINTS[plate])


def _photo_reasons(facts: EvidenceFacts) -> list[EvidenceReason]:
    reasons = [_time(facts.taken_gap_min), _photo_place(facts.photo_distance_m)]
    if facts.sharpness is not None:
        reasons.append(_sharpness(facts.sharpness))
    if facts.brightness is not None:
        reasons.append(_brightness(facts.brightness))
    return reasons


def _time(gap_min: float | None) -> EvidenceReason:
    if gap_min is None:
        return EvidenceReason(EvidenceCode.TIME_UNKNOWN, 0)
    data = {"gap_min": round(gap_min, 1)}
    if gap_min >= TIME_CONTRADICTS_MIN:
        return EvidenceReason(EvidenceCode.TIME_CONTRADICTS, CONTRADICTION_POINTS, data)
    points = _falling(gap_min, TIME_MATCHES_MIN, TIME_DOUBTFUL_MIN, MATCH_POINTS)
    code = EvidenceCode.TIME_MATCHES if points else EvidenceCode.TIME_DOUBTFUL
    return EvidenceReason(code, points, data)


def _photo_place(distance_m: float | None) -> EvidenceReason:
    if distance_m is None:
        return EvidenceReason(EvidenceCode.PLACE_UNKNOWN, 0)
    data = {"distance_m": round(distance_m)}
    if distance_m >= PLACE_CONTRADICTS_M:
        return EvidenceReason(EvidenceCode.PLACE_CONTRADICTS, CONTRADICTION_POINTS, data)
    points = _falling(distance_m, PLACE_MATCHES_M, PLACE_DOUBTFUL_M, MATCH_POINTS)
    code = EvidenceCode.PLACE_MATCHES if points else EvidenceCode.PLACE_DOUBTFUL
    return EvidenceReason(code, points, data)


def _sharpness(variance: float) -> EvidenceReason:
    if variance < BLURRED_BELOW:
        return EvidenceReason(EvidenceCode.BLURRED, BLURRED_POINTS)
    points = SHARP_POINTS - _falling(variance, BLURRED_BELOW, SHARP_FROM, SHARP_POINTS)
    return EvidenceReason(EvidenceCode.SHARP, points)


def _brightness(luma: float) -> EvidenceReason:
    if luma < DARK_BELOW:
        return EvidenceReason(EvidenceCode.TOO_DARK, UNLIT_POINTS)
    if luma > WASHED_OUT_ABOVE:
        return EvidenceReason(EvidenceCode.WASHED_OUT, UNLIT_POINTS)
    if luma < LIT_FROM:
        points = LIT_POINTS - _falling(luma, DARK_BELOW, LIT_FROM, LIT_POINTS)
    else:
        points = _falling(luma, LIT_TO, WASHED_OUT_ABOVE, LIT_POINTS)
    return EvidenceReason(EvidenceCode.WELL_LIT, points)


def _claim_reasons(facts: EvidenceFacts) -> list[EvidenceReason]:
    reasons = []
    if facts.accuracy_m is not None:
        points = _falling(facts.accuracy_m, ACCURACY_FULL_M, ACCURACY_NONE_M, ACCURACY_POINTS)
        code = EvidenceCode.POSITION_ACCURATE if points else EvidenceCode.POSITION_COARSE
        reasons.append(EvidenceReason(code, points, {"accuracy_m": round(facts.accuracy_m)}))
    reasons.append(_description(facts.description_length))
    if facts.reporter_decided > 0:
        reasons.append(_reporter(facts.reporter_approved, facts.reporter_decided))
    if points := SOURCE_POINTS.get(facts.source, 0):
        reasons.append(EvidenceReason(EvidenceCode.TRUSTED_SOURCE, points))
    return reasons


def _description(length: int) -> EvidenceReason:
    if length < SOME_WORDS:
        return EvidenceReason(EvidenceCode.NOT_DESCRIBED, 0)
    return EvidenceReason(EvidenceCode.DESCRIBED, 4 if length >= ENOUGH_WORDS else 2)


def _reporter(approved: int, decided: int) -> EvidenceReason:
    share = (approved + 1) / (decided + 2)  # Laplace's rule of succession
    points = round(REPORTER_POINTS * (2 * share - 1))
    code = EvidenceCode.REPORTER_TRUSTED if points >= 0 else EvidenceCode.REPORTER_DOUBTED
    return EvidenceReason(code, points, {"approved": approved, "decided": decided})


def _falling(value: float, full_to: float, none_from: float, points: int) -> int:
    """Return ``points`` up to ``full_to``, falling in a line to 0 at ``none_from``."""
    share = (none_from - value) / (none_from - full_to)
    return round(points * min(1.0, max(0.0, share)))
