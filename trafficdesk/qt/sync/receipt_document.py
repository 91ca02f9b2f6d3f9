"""A receipt on paper: what was done, what the server holds of it, how to have it proved."""

import hashlib
from datetime import tzinfo
from html import escape
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QFont, QPageSize, QPdfWriter, QTextDocument

from trafficdesk.domain.times import from_ms
from trafficdesk.qt.ages import clock, day, moment, number
from trafficdesk.qt.sync.receipt_words import change_word, say, state_word
from trafficdesk.qt.theme.fonts import FAMILIES
from trafficdesk.sync.receipts import Line, Proof

_POINTS: Final = 9
_HASH_SHOWN: Final = 12
_STYLE: Final = """
body { color: #111; } h1 { font-size: 16pt; margin-bottom: 2pt; }
p { margin-top: 3pt; margin-bottom: 3pt; } th { text-align: left; }
.left { font-weight: 600; }
.small { font-size: 7.5pt; color: #444; }
"""


def write_pdf(path: Path, proof: Proof, zone: tzinfo) -> None:
    """Write a receipt as A4 pages. Raises ``OSError``."""
    with path.open("wb"):  # what cannot be written is told here; the writer tells nobody
        pass
    writer = QPdfWriter(str(path))
    writer.setTitle(say("End-of-shift receipt"))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))  # a printed document brings margins of 2 cm
    make_document(proof, zone).print_(writer)
    if path.stat().st_size == 0:
        raise OSError(f"{path} was not written")


def make_document(proof: Proof, zone: tzinfo) -> QTextDocument:
    """Return a receipt as a document in the shipped fonts, which have Tamil and Devanagari."""
    made = QTextDocument()
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPointSize(_POINTS)
    made.setDefaultFont(font)
    made.setDefaultStyleSheet(_STYLE)
    made.setHtml(_html(proof, zone))
    return made


def _html(proof: Proof, zone: tzinfo) -> str:
    asked, statement = proof.asked, proof.statement
    officer = asked.officer or say("Everybody at this desk")
    span = say("{begin} to {end}").format(
        begin=moment(from_ms(asked.since_ms), zone), end=moment(from_ms(asked.until_ms), zone)
    )
    made_at = moment(from_ms(statement.server_time_ms), zone)
    counts = say("With the server: {taken} of {all}.").format(
        taken=number(proof.taken), all=number(len(proof.lines))
    )
    heads = (say("Time"), say("What was done"), say("Record"), say("At the server"), say("Event"))
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    rows = "".join(_row(line, zone) for line in proof.lines)
    digest = hashlib.sha256(proof.content).hexdigest()
    proving = say(
        "This paper is for people. Its proof is the file of the same receipt, whose SHA-256 is "
        "{digest}: sync-server receipt verify FILE"
    ).format(digest=digest)
    return (
        f"<body><h1>{escape(say('End-of-shift receipt'))}</h1>"
        f"<p>{escape(officer)} · {escape(proof.desk_code)} · {escape(span)}</p>"
        f"<p>{escape(say('Stated by the server: {time}').format(time=made_at))}</p>"
        f"<p class='left'>{escape(counts)}</p>"
        f"<table width='100%' cellspacing='0' cellpadding='4'><tr>{head}</tr>{rows}</table>"
        f"<p class='small'>{escape(proving)}</p></body>"
    )


def _row(line: Line, zone: tzinfo) -> str:
    change, held = line.change, line.held
    at = from_ms(change.at_ms)
    event = ""
    if held is not None and held.seq:
        event = f"{held.seq} · {held.event_hash[:_HASH_SHOWN]}"
    cells = (
        f"{day(at, zone)} {clock(at, zone)}",
        change_word(change),
        change.reference,
        state_word(line) + _photos(line),
        event,
    )
    mark = "" if line.is_taken else " class='left'"
    told = "".join(f"<td{mark}>{escape(each)}</td>" for each in cells)
    return f"<tr>{told}</tr>"


def _photos(line: Line) -> str:
    """Return how many of a change's photos the server holds."""
    photos = () if line.held is None else line.held.photos
    if not photos:
        return ""
    there = sum(photo.is_held for photo in photos)
    return " · " + say("photos {there} of {all}").format(there=there, all=len(photos))
