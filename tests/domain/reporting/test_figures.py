"""How values are shown in reports, and that words are those of the desk."""

from trafficdesk.domain.reporting.catalogue import TEMPLATES
from trafficdesk.domain.reporting.charts import nice_steps
from trafficdesk.domain.reporting.document import Kind
from trafficdesk.domain.reporting.figures import MINUS, MULTIPLIED, UNKNOWN, Show, grouped
from trafficdesk.domain.reporting.words import ENGLISH, SEVERITIES, VIOLATIONS, Words
from trafficdesk.domain.vocabulary import Severity, Violation
from trafficdesk.qt.words import severity_word, violation_word

SHOW = Show(ENGLISH, "INR", 19_800_000)


def test_values_are_shown_with_their_units() -> None:
    told = {
        SHOW.value(*each)
        for each in (
            *((0.1234, Kind.SHARE), (-0.00001, Kind.KAPPA), (-0.5, Kind.KAPPA)),
            *((59_000, Kind.MS), (7_260_000, Kind.MS), (400_000_000, Kind.MS)),
            *((12_345_600, Kind.MONEY), (None, Kind.COUNT), (0.0004, Kind.CHANCE)),
            *((24_322, Kind.MONTH), (20_727, Kind.DAY), (2.25, Kind.TIMES), (3, Kind.DAYS)),
        )
    }
    assert told == {
        *("12.3 %", "0.00", f"{MINUS}0.50", "0:59 min", "2 h 01", "4.6 d"),
        *("₹ 1,23,456", UNKNOWN, "< 0.001", "Nov 2026", "1 Oct 2026", f"{MULTIPLIED} 2.2", "3 d"),
    }


def test_thousands_are_marked_as_in_the_country_that_pays() -> None:
    numbers = 0, 999, 1_000, 99_999, 100_000, 12_345_678, -1_234_567
    assert [grouped(each, "INR") for each in numbers] == [
        *("0", "999", "1,000", "99,999", "1,00,000", "1,23,45,678", f"{MINUS}12,34,567"),
    ]
    assert [grouped(each, "EUR") for each in numbers[-2:]] == ["12,345,678", f"{MINUS}1,234,567"]


def test_an_axis_reaches_what_it_shows_in_round_steps() -> None:
    for most in (1, 3, 8, 9, 10, 99, 101, 12_345):
        steps = nice_steps(most)
        assert steps[0] == 0
        assert steps[-1] >= most
        assert steps[-2] < most
        assert len(steps) <= 5


def test_words_are_those_of_the_desk() -> None:
    assert set(VIOLATIONS) == set(Violation)
    assert {code: violation_word(code) for code in VIOLATIONS} == dict(VIOLATIONS)
    assert {each: severity_word(each) for each in Severity} == dict(SEVERITIES)


def test_words_are_said_in_the_language_they_are_asked_in() -> None:
    words = Words(lambda context, source: f"{context}:{source}")
    assert words.say("Report") == "Reporting:Report"
    assert words.violation("speed") == "Words:Speeding"
    assert words.violation("own_code") == "own code"
    assert words.code("report.ask_info") == "Codes:Report: codes:Ask info"


def test_no_two_templates_are_called_or_made_the_same() -> None:
    assert len(TEMPLATES) >= 10
    for told in ("id", "title", "about", "fill"):
        assert len({getattr(each, told) for each in TEMPLATES}) == len(TEMPLATES)
