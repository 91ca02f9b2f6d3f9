"""A push asks the database as often for many operations as for few."""

from collections import Counter
from unittest.mock import patch

import psycopg

from tests.server.sync.town import Town
from trafficdesk.wire.exchange import Result


def statements(town: Town, count: int) -> Counter[str]:
    """Push so many new reports and an edit of each; return what was asked, by its beginning."""
    desk = town.add_device()
    known = [town.filed(desk) for _ in range(3)]
    batch = [town.file(desk) for _ in range(count)]
    flag = {"escalated": (False, True)}
    batch += [town.operation(desk, each.entity_id, "escalate", flag) for each in batch]
    moved = {"plate": ("TN37BZ4412", "TN38AA0001")}
    batch += [town.operation(desk, each, "correct", moved) for each in known]
    execute = psycopg.Cursor.execute
    with patch.object(psycopg.Cursor, "execute", autospec=True, side_effect=execute) as asked:
        outcomes = town.push(desk, *batch)
    assert {each.result for each in outcomes} == {Result.APPLIED}
    return Counter(str(call.args[1])[:60] for call in asked.call_args_list)


def test_a_push_of_hundreds_takes_the_statements_of_a_push_of_few(town: Town) -> None:
    few, many = (statements(town, count) for count in (2, 200))
    assert few.total() > 5, "it is counted at all"
    assert many == few
