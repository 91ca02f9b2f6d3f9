"""A letter reaches a real mail server over a line that is proved, or it is told why not."""

import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.delivery.mail_server import PASSWORD, running
from trafficdesk.delivery.errors import DeliveryError
from trafficdesk.delivery.mail import Letter, send
from trafficdesk.delivery.mail_settings import MailSettings

BOSS, OTHER = "boss@police.example", "other@police.example"
CONTENT = bytes(range(256)) * 300
LETTER = Letter(
    key="6d.20700",
    recipients=(BOSS, OTHER),
    subject="Monthly station report: காந்திபுரம் 2026-10",
    text="Monthly station report\n\n.a line that begins with a dot\n",
    file="monthly-station 2026-10 காந்திபுரம்.pdf",
    content=CONTENT,
    written_at=datetime(2026, 11, 1, 1, 30, tzinfo=UTC),
)


@pytest.mark.parametrize("is_tls", [True, False])
def test_a_letter_arrives_as_it_was_written(tmp_path: Path, *, is_tls: bool) -> None:
    with running(tmp_path, is_tls=is_tls) as server:
        send(server.settings, PASSWORD, LETTER, BOSS)
        ((to, letter),) = server.behaviour.taken
        assert to == BOSS
        assert server.behaviour.signed_in == [True]
    assert letter["Subject"] == LETTER.subject
    assert letter["To"] == f"{BOSS}, {OTHER}"
    assert letter["Message-ID"] == "<6d.20700@station.example>"
    text, file = letter.iter_parts()
    assert isinstance(text, EmailMessage)
    assert text.get_content().replace("\r\n", "\n") == LETTER.text
    assert file.get_filename() == LETTER.file
    assert file.get_content_type() == "application/pdf"
    assert file.get_payload(decode=True) == CONTENT


def fault(settings: MailSettings, password: str = PASSWORD, to: str = BOSS) -> DeliveryError:
    with pytest.raises(DeliveryError) as refused:
        send(settings, password, LETTER, to)
    return refused.value


def test_what_a_server_says_is_told_and_whether_it_is_for_good(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.behaviour.refused = {
            BOSS: "550 5.1.1 no such mailbox",
            OTHER: "450 4.2.0 greylisted, come again",
        }
        gone = fault(server.settings)
        assert (gone.code, gone.is_final) == ("mail.refused", True)
        assert gone.detail == "550 5.1.1 no such mailbox"
        later = fault(server.settings, to=OTHER)
        assert (later.code, later.is_final) == ("mail.later", False)
        server.behaviour.refused = {}
        server.behaviour.after_data = ["452 4.3.1 no room", "554 5.6.0 looks like spam"]
        assert fault(server.settings).code == "mail.later"
        assert fault(server.settings).is_final
        wrong = fault(server.settings, "wrong")
        assert (wrong.code, wrong.is_final) == ("mail.sign_in", False)
        assert server.behaviour.taken == []


def test_a_letter_sent_again_after_a_break_is_the_very_same(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.behaviour.breaks_off = ["before", "after"]
        assert fault(server.settings).code == "mail.broken_off"
        assert fault(server.settings).code == "mail.broken_off"
        send(server.settings, PASSWORD, LETTER, BOSS)
        ids = {letter["Message-ID"] for _, letter in server.behaviour.taken}
    assert len(server.behaviour.taken) == 2
    assert len(ids) == 1


def test_no_letter_goes_over_a_line_that_is_not_proved(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        assert fault(replace(server.settings, ca_file=None)).code == "mail.not_trusted"
        missing = replace(server.settings, ca_file=tmp_path / "none.pem")
        assert fault(missing).code == "mail.authority"
        assert fault(replace(server.settings, is_tls=True)).code == "mail.no_encryption"
    with running(tmp_path, speaks_tls=False) as open_to_all:
        assert fault(open_to_all.settings).code == "mail.not_supported"
    assert server.behaviour.taken == open_to_all.behaviour.taken == []
    assert server.behaviour.signed_in == open_to_all.behaviour.signed_in == []


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        pass
    assert fault(server.settings).code == "mail.unreachable"
    assert fault(replace(server.settings, host="mail.invalid")).code == "mail.unreachable"


def test_what_answers_something_else_is_told(tmp_path: Path) -> None:
    with running(tmp_path) as server, socket.create_server(("127.0.0.1", 0)) as listening:
        listening.listen()
        other = replace(server.settings, port=listening.getsockname()[1])

        def answer() -> None:
            line, _ = listening.accept()
            with line:
                line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        assert fault(other).code in {"mail.broken_off", "mail.later"}
        thread.join()
