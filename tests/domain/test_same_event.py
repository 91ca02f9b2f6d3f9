"""Groups are decided as a whole: one likeness by chance does not pull a crowd along."""

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_duplicates import Near
from trafficdesk.domain.duplicates import Told
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Place
from trafficdesk.domain.same_event import Candidate, Known, find_candidates, find_groups, suggest

SEEN = Near(metres=0, seconds=0)


def ask(*others: Near, keys: list[str] | None = None, seen: Near = SEEN) -> list[Candidate]:
    return find_candidates(seen.look(), [other.look() for other in others], keys)


def likely(found: list[Candidate]) -> list[int]:
    return sorted(each.number for each in found if each.is_likely)


def test_without_others_there_are_no_candidates() -> None:
    assert ask() == []


def test_the_likeliest_come_first_and_only_one_event_is_suggested() -> None:
    found = ask(Near(30, 90, plate="KA01MX9977"), Near(), Near(plate=""))
    assert [each.number for each in found] == [1, 2, 0]
    assert likely(found) == [1, 2]
    assert found[0].score > 0.9
    assert found[2].score < 0.1


def test_a_report_without_a_plate_goes_with_the_group_it_stands_in() -> None:
    # Alone it might be either vehicle's; beside two that name another one it is theirs.
    unread = Near(plate="", metres=12, seconds=30)
    alone = ask(unread)[0].score
    theirs = [Near(plate="KA01MX9977", seconds=s, metres=14) for s in (28, 32, 35)]
    among = next(each for each in ask(unread, *theirs) if each.number == 0)
    assert among.group == 4
    assert among.score < 0.5 < alone


def test_what_a_person_put_together_stays_together() -> None:
    twins = [Near(plate="KA01MX9977"), Near()]
    assert likely(ask(*twins)) == [1]
    together = ask(*twins, keys=["original", "original"])
    assert {each.group for each in together} == {2}
    assert len({each.score for each in together}) == 1


def test_of_a_crowd_too_large_to_compare_each_is_told() -> None:
    found = ask(*(Near(seconds=at) for at in range(40)))
    assert sorted(each.number for each in found) == list(range(40))


def _odds(table: dict[tuple[int, int], float], a: int, b: int) -> float:
    return table.get((min(a, b), max(a, b)), -3.0)


def test_one_pair_that_looks_alike_does_not_join_two_groups() -> None:
    table = {(0, 1): 5.0, (2, 3): 5.0, (1, 2): 2.0, (0, 3): -4.0}
    assert find_groups(range(4), lambda a, b: _odds(table, a, b)) == [[1, 0], [3, 2]]


def test_what_is_known_already_is_not_suggested_and_at_most_five_are() -> None:
    told = Told(Place(76.9674, 11.0183), None, 0, ("speed",), "TN37BZ4412")
    mine, original = Known(new_id(), None, told), Known(new_id(), None, told)
    repeats = [Known(new_id(), each.id, told) for each in (mine, original)]
    assert [each.number for each in suggest(mine, [original, *repeats])] == [0]
    assert suggest(repeats[0], [original, mine]) == []
    crowd = [Known(new_id(), None, told) for _ in range(9)]
    assert len(suggest(mine, crowd)) == 5
    other = Known(new_id(), None, told._replace(plate="KA01MX9977"))
    assert suggest(mine, [other]) == []


@given(
    st.dictionaries(st.tuples(st.integers(0, 3), st.integers(4, 7)), st.floats(-8, 8), max_size=16),
    st.lists(st.integers(0, 7), unique=True, max_size=8),
)
def test_groups_hold_every_report_once(
    table: dict[tuple[int, int], float], members: list[int]
) -> None:
    groups = find_groups(members, lambda a, b: _odds(table, a, b))
    assert sorted(each for group in groups for each in group) == sorted(members)
