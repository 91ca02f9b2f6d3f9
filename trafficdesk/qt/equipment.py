"""What every screen is given when it is made."""

from dataclasses import dataclass

from trafficdesk.journal import Journal
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.settings import SettingsFile
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.palette import Appearance


@dataclass(frozen=True, slots=True)
class Equipment:
    """The desk's lanes, change signal, commands, settings, look and journal; once per program."""

    lanes: Lanes
    changes: Changes
    commands: Commands
    settings: SettingsFile
    appearance: Appearance
    journal: Journal
