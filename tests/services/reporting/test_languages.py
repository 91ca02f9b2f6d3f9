"""A report reads in the language it was asked for in: every sentence, on each way to it."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from installers.report_words import LANGUAGES, path_of, renewed, report_sentences
from tests.services.reporting.test_making import asked, busy
from trafficdesk.delivery.report_letter import report_letter
from trafficdesk.domain.analytics.metrics import MetricId
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.reporting.asked import Form
from trafficdesk.domain.reporting.catalogue import TEMPLATES
from trafficdesk.domain.reporting.language import Language
from trafficdesk.domain.schedules import About, Every, Rhythm, Stretch, Wish
from trafficdesk.exports.documents.sheet import fonts_folder
from trafficdesk.languages import words_in
from trafficdesk.services.reporting.making import Made, make_report
from trafficdesk.services.session import Session

__all__ = ["busy"]
SCRIPTS = {Language.TAMIL: r"[\u0b80-\u0bff]", Language.HINDI: r"[\u0900-\u097f]"}
# Names, codes and places, which are nobody's words, and a product.
NAMES = re.compile(
    r"Asia/Kolkata|Admin|Gandhipuram|Coimbatore|Cross Cut Road|IT\b|TrafficDesk"
    r"|[a-z]+\.[a-z_]+(?:\.[a-z_]+)*|TN ?\d+\S*(?: \w+)*|CBE\S*|D\d+"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_said_and_keeps_its_places(language: Language) -> None:
    told = renewed(language)
    assert path_of(language).read_text("utf-8").count('"') % 4 == 0
    for context, sentences in told.items():
        for source, said in sentences.items():
            assert said, (context, source)
            places = sorted(re.findall(r"\{[a-z]+\}", source))
            assert sorted(re.findall(r"\{[a-z]+\}", said)) == places, source


def test_the_shipped_words_are_those_that_the_code_says() -> None:
    for language in LANGUAGES:
        shipped = json.loads(path_of(language).read_text("utf-8"))
        assert {context: sorted(each) for context, each in shipped.items()} == report_sentences()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_a_language_is_in_the_fonts_that_are_shipped(language: Language) -> None:
    from fontTools.ttLib import TTFont

    names = {Language.TAMIL: "NotoSansTamil", Language.HINDI: "NotoSansDevanagari"}
    with TTFont(fonts_folder() / f"{names[language]}-Regular.ttf") as font:
        known = set(font.getBestCmap())
    said = "".join(text for each in renewed(language).values() for text in each.values())
    script = {ord(letter) for letter in said if re.match(SCRIPTS[language], letter)}
    assert script <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_report_reads_in_its_language(
    busy: Session, tmp_path: Path, language: Language
) -> None:
    words = words_in(language)
    for template in TEMPLATES:
        question = replace(asked(busy, template.id), language=language)
        path = tmp_path / f"{template.id}.html"
        assert isinstance(make_report(busy, question, Form.HTML, path), Made)
        written = path.read_text("utf-8")
        assert f'<html lang="{language}">' in written
        told = unescape(re.sub(r"<[^>]+>", " ", written.partition("<body>")[2]))
        assert words.say(template.title) in told
        for name in (busy.officer.name, busy.officer.rank):
            told = told.replace(name, "")
        left = re.findall(r"[A-Za-z]{2,}", NAMES.sub("", told))
        assert left == [], template.id
    assert words.metric(MetricId.RECEIVED) != "Reports received"


def test_a_workbook_and_a_letter_are_in_the_language_too(busy: Session, tmp_path: Path) -> None:
    question = replace(asked(busy, "monthly-station"), language=Language.TAMIL)
    made = make_report(busy, question, Form.XLSX, tmp_path / "a.xlsx")
    assert isinstance(made, Made)
    title = words_in(Language.TAMIL).say("Monthly station report")
    assert made.document.title == title
    rhythm = Rhythm(Every.MONTH, 360)
    wish = Wish("monthly-station", Form.PDF, About.LAST_MONTH, rhythm, language=Language.TAMIL)
    assert wish.asked(Stretch(question.period)).language is Language.TAMIL
    letter = report_letter(wish, (new_id(), 1), ("a.pdf", b""), 0, "Gandhipuram")
    assert letter.subject == f"{title}: a"
    assert re.search(SCRIPTS[Language.TAMIL], letter.text.partition("\n")[2])
