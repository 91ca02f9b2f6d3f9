"""Sentences are said right for one, and the made-up language finds what is not translated."""

import ast
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from installers.translations import (
    FOLDER,
    SINGULAR,
    SOURCES,
    counted_sentences,
    translation_file,
)
from trafficdesk.qt.pseudo import pseudo
from trafficdesk.qt.review.photo_view import PhotoView
from trafficdesk.qt.widgets.labels import Label


def test_every_counted_sentence_has_its_singular_and_none_is_left_over() -> None:
    assert {source for _, source in counted_sentences()} == set(SINGULAR)


def test_the_shipped_forms_are_those_of_the_code() -> None:
    assert (FOLDER / "en.ts").read_text("utf-8") == translation_file()
    for context, source in counted_sentences():
        assert QCoreApplication.translate(context, source, "", 1) == SINGULAR[source].replace(
            "%n", "1"
        )


def test_no_translator_of_the_product_is_written_in_python() -> None:
    classes = [
        node.name
        for path in SOURCES.rglob("*.py")
        if path.name != "pseudo.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and "QTranslator" in map(ast.unparse, node.bases)
    ]
    assert classes == []


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 tries left"), (1, "1 try left"), (4, "4 tries left")]
)
def test_one_is_said_as_one(count: int, said: str) -> None:
    assert QCoreApplication.translate("PasswordRow", "%n tries left", "", count) == said


def test_the_made_up_language_keeps_placeholders() -> None:
    assert pseudo("{name} has %n reports, %1").count("{name}") == 1
    assert "%n" in pseudo("{name} has %n reports, %1")
    assert "reports" not in pseudo("{name} has %n reports, %1")


def test_threads_that_read_images_do_not_ask_the_made_up_language(pseudo_locale: object) -> None:
    assert pseudo_locale is not None
    assert QCoreApplication.translate("QImageReader", "Unknown error") == "Unknown error"


def test_the_walker_finds_a_sentence_that_was_not_translated(
    qtbot: QtBot, pseudo_locale: object, find_untranslated: Callable[..., list[str]]
) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(Label(QCoreApplication.translate("Test", "All reports")))
    column.addWidget(Label("TN 37 BZ 4412"))
    qtbot.addWidget(window)
    window.show()
    assert pseudo_locale is not None
    assert find_untranslated(window, data=("TN 37 BZ 4412",)) == []
    photo = PhotoView()
    photo.show_image(QImage(160, 90, QImage.Format.Format_RGB32))
    photo.keys_label = "Painted words"
    photo.setMinimumSize(200, 120)
    for forgotten in (Label("Forgotten words"), photo):
        column.addWidget(forgotten)
        forgotten.show()
    assert find_untranslated(window, data=("TN 37 BZ 4412",)) == [
        "Label: 'Forgotten words'",
        "painted: 'Painted words'",
    ]
