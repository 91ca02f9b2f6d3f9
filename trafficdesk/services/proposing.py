"""A plan for all open incidents at once, for a dispatcher to accept, change or drop."""

from collections.abc import Iterable
from datetime import datetime

from trafficdesk.domain.proposal import Costs, OpenIncident, Plan, propose
from trafficdesk.domain.ranking import Sendable


def propose_plan(
    units: Iterable[Sendable], incidents: Iterable[OpenIncident], now: datetime
) -> Plan:
    """Return the plan of least cost; nothing is written before somebody accepts it.

    ``units`` are those of the incidents' short lists; each incident holds their ways to it.
    """
    return propose(units, incidents, now, least_cost)


def least_cost(costs: Costs) -> list[tuple[int, int]]:
    """Return the pairs of row and column of least cost (a shortest augmenting path method)."""
    # Loaded late: it takes longer than the rest of the desk's start.
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(costs)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]
