"""The fleet as a state machine of Hypothesis: its rules are the fleet's acts, and failures shrink.

Seeds of ``torture`` run longer; here whatever act does not matter for a failure is left out of it.
"""

from pathlib import Path
from tempfile import mkdtemp

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.server.world import World
from tests.system.sync.fleet import DAYS_OFF, Act, Fleet
from tests.system.sync.servers import Fallible

_LUCK = st.integers(min_value=0, max_value=2**16)
# As often as each stands here; what shrinks, shrinks to the first.
_ACTS = (*[Act.WORK] * 10, *[Act.EXCHANGE] * 5, Act.CARRY, Act.CARRY, Act.KILL, Act.MOVE_DESK)


class FleetMachine(RuleBasedStateMachine):
    """Two desks with a line and one without; at the end every law must hold."""

    server: Fallible
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        folder = Path(mkdtemp(dir=self.folder))
        self.fleet = Fleet(World(self.server.live), folder, self.server)
        self.has_backup = False
        for number, days in enumerate(DAYS_OFF[:3]):
            self.fleet.add_desk(days, afield=number == 2)

    @rule(act=st.sampled_from(_ACTS), luck=_LUCK)
    def happen(self, act: Act, luck: int) -> None:
        """Let something happen: one rule for all that may at any time, so that none is left out."""
        self.fleet.take(act, luck)

    @precondition(lambda self: not self.has_backup)
    @rule()
    def back_up(self) -> None:
        """Back the server up, once."""
        self.has_backup = True
        self.fleet.take(Act.BACK_UP, 0)

    @precondition(lambda self: self.fleet.can_restore)
    @rule()
    def restore(self) -> None:
        """Put the server back."""
        self.fleet.take(Act.RESTORE, 0)

    def teardown(self) -> None:
        """Let all come to rest and ask for the laws."""
        try:
            self.fleet.quiesce()
            self.fleet.check()
        finally:
            self.fleet.close()


def run_machine(server: Fallible, folder: Path, *, examples: int, steps: int, same: bool) -> None:
    """Run examples of so many steps; the ``same`` ones each time. Raises what breaks, shrunk."""

    class Machine(FleetMachine):
        """A fleet of this server."""

    Machine.server, Machine.folder = server, folder
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=same,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=how)
