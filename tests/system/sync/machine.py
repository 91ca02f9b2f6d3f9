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
_MOST_AT_ONCE = 4


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

    @rule(lucks=st.lists(_LUCK, min_size=1, max_size=_MOST_AT_ONCE))
    def work(self, lucks: list[int]) -> None:
        """Let officers do some things, each at a desk."""
        for luck in lucks:
            self.fleet.take(Act.WORK, luck)

    @rule(luck=_LUCK)
    def exchange(self, luck: int) -> None:
        """Let a desk try to exchange what it has."""
        self.fleet.take(Act.EXCHANGE, luck)

    @rule(luck=_LUCK)
    def carry(self, luck: int) -> None:
        """Let a desk do something with bundles."""
        self.fleet.take(Act.CARRY, luck)

    @rule(luck=_LUCK)
    def kill(self, luck: int) -> None:
        """Kill a desk."""
        self.fleet.take(Act.KILL, luck)

    @rule(luck=_LUCK)
    def move_desk(self, luck: int) -> None:
        """Give a desk another scope."""
        self.fleet.take(Act.MOVE_DESK, luck)

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
