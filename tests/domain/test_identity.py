"""Identifiers sort by the time they were made and never repeat."""

from trafficdesk.domain.identity import new_id


def test_ids_made_in_a_row_keep_their_order_and_never_repeat() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_an_id_is_a_version_7_uuid_of_the_rfc_variant() -> None:
    made = new_id()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
