"""A report into a file of any form: whole under its name, or not there."""

import os
from pathlib import Path

from trafficdesk.domain.reporting.asked import Form
from trafficdesk.domain.reporting.document import Document
from trafficdesk.domain.reporting.figures import Show
from trafficdesk.exports.documents.html_page import render_html
from trafficdesk.exports.documents.xlsx_book import write_xlsx


def form_of(path: Path) -> Form | None:
    """Return the form that a file's ending names; None if it is none of them."""
    ending = path.suffix.lower().lstrip(".")
    return Form(ending) if ending in set(Form) else None


def write_document(document: Document, path: Path, form: Form, show: Show) -> None:
    """Write a report to a file that takes the place of one that is there.

    Raises:
        OSError: the folder takes no file, or the disk is full; what was there is still there.
    """
    coming = path.with_name(f".{path.name}.part")
    coming.unlink(missing_ok=True)
    try:
        _write(document, coming, form, show)
        with coming.open("rb+") as file:
            os.fsync(file.fileno())
        coming.replace(path)
    finally:
        coming.unlink(missing_ok=True)


def _write(document: Document, path: Path, form: Form, show: Show) -> None:
    if form is Form.HTML:
        path.write_text(render_html(document, show), encoding="utf-8")
    elif form is Form.XLSX:
        write_xlsx(document, path, show)
    else:
        from trafficdesk.exports.documents.pdf_file import write_pdf  # its engine takes a second

        write_pdf(document, path, show)
