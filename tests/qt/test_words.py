"""Every code of the product has its words on screen."""

from trafficdesk.domain.evidence import EvidenceCode, EvidenceReason
from trafficdesk.domain.lifecycle import Barrier, Move
from trafficdesk.domain.queues import QueueName, Sort
from trafficdesk.domain.vocabulary import RejectionReason, UnitKind, UnitStatus
from trafficdesk.qt.event_words import done_word, move_word
from trafficdesk.qt.evidence_words import evidence_sentence
from trafficdesk.qt.refusal_words import picture_sentence, refusal_sentence
from trafficdesk.qt.review.citizen_letters import rejection_letter
from trafficdesk.qt.review.filter_words import queue_word, sort_word
from trafficdesk.qt.unit_words import unit_kind_word, unit_status_word
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.pictures import PictureRefusal, PictureRefused


def test_every_code_has_its_sentence() -> None:
    said = [
        *(refusal_sentence(code) for code in (*Refusal, *Barrier)),
        *(picture_sentence(PictureRefused(code)) for code in PictureRefusal),
        *(move_word(move) for move in Move),
        *(queue_word(queue) for queue in QueueName),
        *(sort_word(sort) for sort in Sort),
        *(unit_status_word(status) for status in UnitStatus),
        *(unit_kind_word(kind) for kind in UnitKind),
        *(rejection_letter(reason, "a note") for reason in RejectionReason),
        *(
            evidence_sentence(EvidenceReason(code, 1, {"count": 2, "gap_min": 700}))
            for code in EvidenceCode
        ),
    ]
    assert all(said)
    assert not any("{" in sentence for sentence in said)


def test_an_undone_action_names_what_was_undone() -> None:
    assert done_word("undo_approve") == "Taken back: Approved"
    assert done_word("somebody_elses_word") == "somebody elses word"
