"""Better evidence never lowers the score, and every point has a reason."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.evidence import (
    EvidenceCode,
    EvidenceFacts,
    PlateFact,
    evidence_of,
    plate_fact,
)
from trafficdesk.domain.vocabulary import Source

POSITIVE = st.floats(0, 1e6, allow_nan=False)


@st.composite
def facts(draw: st.DrawFn) -> EvidenceFacts:
    decided = draw(st.integers(0, 60))
    return EvidenceFacts(
        photos=draw(st.integers(0, 10)),
        taken_gap_min=draw(st.none() | POSITIVE),
        photo_distance_m=draw(st.none() | POSITIVE),
        accuracy_m=draw(st.none() | POSITIVE),
        plate=draw(st.sampled_from(PlateFact)),
        sharpness=draw(st.none() | POSITIVE),
        brightness=draw(st.none() | st.floats(0, 255)),
        description_length=draw(st.integers(0, 4000)),
        reporter_approved=draw(st.integers(0, decided)),
        reporter_decided=decided,
        source=draw(st.sampled_from(Source)),
    )


@given(facts())
def test_the_score_stays_between_0_and_100_and_is_the_sum_of_its_reasons(
    some: EvidenceFacts,
) -> None:
    evidence = evidence_of(some)
    total = sum(reason.points for reason in evidence.reasons)
    assert evidence.score == min(100, max(0, total))


@given(facts())
def test_no_reason_is_given_twice(some: EvidenceFacts) -> None:
    codes = [reason.code for reason in evidence_of(some).reasons]
    assert len(codes) == len(set(codes))


@given(facts(), st.integers(1, 5))
def test_another_photo_never_lowers_the_score(some: EvidenceFacts, more: int) -> None:
    assert evidence_of(replace(some, photos=some.photos + more)).score >= evidence_of(some).score


@given(facts(), POSITIVE, st.floats(0, 1))
def test_a_photo_nearer_in_time_and_place_never_lowers_the_score(
    some: EvidenceFacts, far: float, share: float
) -> None:
    near = far * share
    pairs = [
        (replace(some, taken_gap_min=near), replace(some, taken_gap_min=far)),
        (replace(some, photo_distance_m=near), replace(some, photo_distance_m=far)),
        (replace(some, accuracy_m=near), replace(some, accuracy_m=far)),
    ]
    for nearer, farther in pairs:
        assert evidence_of(nearer).score >= evidence_of(farther).score


@given(facts(), st.sampled_from(PlateFact), st.sampled_from(PlateFact))
def test_a_better_plate_never_lowers_the_score(
    some: EvidenceFacts, one: PlateFact, other: PlateFact
) -> None:
    low, high = sorted((one, other))
    assert (
        evidence_of(replace(some, plate=high)).score >= evidence_of(replace(some, plate=low)).score
    )


@given(facts(), POSITIVE, POSITIVE)
def test_a_sharper_photo_never_lowers_the_score(
    some: EvidenceFacts, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    blurred, sharp = replace(some, sharpness=low), replace(some, sharpness=high)
    assert evidence_of(sharp).score >= evidence_of(blurred).score


@given(facts(), st.floats(0, 130), st.floats(0, 130))
def test_a_better_lit_photo_never_lowers_the_score(
    some: EvidenceFacts, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    dark, lit = replace(some, brightness=low), replace(some, brightness=high)
    washed, fair = replace(some, brightness=255 - low), replace(some, brightness=255 - high)
    assert evidence_of(lit).score >= evidence_of(dark).score
    assert evidence_of(fair).score >= evidence_of(washed).score


@given(facts(), st.integers(1, 2000))
def test_more_words_never_lower_the_score(some: EvidenceFacts, more: int) -> None:
    longer = replace(some, description_length=some.description_length + more)
    assert evidence_of(longer).score >= evidence_of(some).score


@given(facts())
def test_one_more_approved_report_never_lowers_the_reporters_next_score(
    some: EvidenceFacts,
) -> None:
    proven = replace(
        some,
        reporter_approved=some.reporter_approved + 1,
        reporter_decided=some.reporter_decided + 1,
    )
    assert evidence_of(proven).score >= evidence_of(some).score


def test_nothing_at_all_scores_0_and_says_what_is_missing() -> None:
    evidence = evidence_of(EvidenceFacts())
    assert evidence.score == 0
    assert {reason.code for reason in evidence.reasons} == {
        EvidenceCode.NO_PHOTO,
        EvidenceCode.NO_PLATE,
        EvidenceCode.NOT_DESCRIBED,
    }


def test_the_best_evidence_scores_100() -> None:
    best = EvidenceFacts(
        photos=4,
        taken_gap_min=0,
        photo_distance_m=5,
        accuracy_m=8,
        plate=PlateFact.REGULAR,
        sharpness=400,
        brightness=120,
        description_length=200,
        reporter_approved=90,
        reporter_decided=90,
        source=Source.OFFICER,
    )
    assert evidence_of(best).score == 100


def test_a_photo_of_yesterday_from_another_town_counts_against_the_report() -> None:
    honest = EvidenceFacts(photos=1, taken_gap_min=1, photo_distance_m=20)
    reused = EvidenceFacts(photos=1, taken_gap_min=1500, photo_distance_m=40_000)
    points = {reason.code: reason.points for reason in evidence_of(reused).reasons}
    assert points[EvidenceCode.TIME_CONTRADICTS] < 0
    assert points[EvidenceCode.PLACE_CONTRADICTS] < 0
    assert evidence_of(honest).score - evidence_of(reused).score >= 30


def test_a_plate_is_worth_most_when_it_is_well_formed() -> None:
    assert plate_fact("TN37BZ4412") is PlateFact.REGULAR
    assert plate_fact("T37BZ4412") is PlateFact.IRREGULAR
    assert plate_fact("") is PlateFact.NONE
