"""How this machine stands with newer versions; an officer reads it, IT changes it by command."""

from datetime import tzinfo

from PySide6.QtCore import QCoreApplication

from trafficdesk import __version__
from trafficdesk.domain.times import utc_now
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.qt.admin.parts import Block, Column, Errands, FactRow, wrapped
from trafficdesk.qt.ages import moment
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.updates.standing import Here, Standing, find_here


class UpdatesBlock(Block):
    """Facts alone, and a sentence where somebody has to do something."""

    def __init__(self, machine: MachinePolicy, equipment: Equipment) -> None:
        super().__init__(QCoreApplication.translate("UpdatesBlock", "Updates"))
        self._machine = machine
        self._zone: tzinfo | None = None
        self._errands = Errands(self, equipment)
        self.message = InlineMessage()
        self.facts = Column(6)
        self.add(self.facts, self.message)

    def open(self, zone: tzinfo) -> None:
        """Read how it stands now; times are shown in a zone."""
        self._zone = zone
        self._errands.read(find_here, self.show_here, self.message)

    def show_here(self, here: Here | None) -> None:
        """Show what was read; None where the program was not installed as a package."""
        self.facts.clear()
        if here is None:
            sentence = self.tr("This program was not installed as a package and is not updated.")
            self.facts.add(FactRow(self.tr("Version"), __version__), wrapped(sentence))
            return
        standing = here.standing
        self.facts.add(
            FactRow(self.tr("Version"), here.version),
            FactRow(self.tr("From the package"), standing.package),
            FactRow(self.tr("Where from"), self._source()),
            FactRow(self.tr("Last asked"), self._moment(standing)),
        )
        for sentence in self._sentences(here):
            self.facts.add(wrapped(sentence, "moderate"))

    def _source(self) -> str:
        rules = self._machine.policy.updates
        source = rules.source
        if source == "off" or (source == "server" and self._machine.policy.server is None):
            return self.tr("Off: only what IT brings in a folder")
        place = self.tr("The server") if source == "server" else source
        if rules.channel == "pilot":
            return self.tr("{place}, also what is being tried").format(place=place)
        return place

    def _moment(self, standing: Standing) -> str:
        if standing.heard_at is None or self._zone is None:
            return self.tr("Never")
        return moment(standing.heard_at, self._zone)

    def _sentences(self, here: Here) -> list[str]:
        standing, said = here.standing, []
        if standing.runs != here.version:
            sentence = self.tr("{version} runs when this desk is opened next.")
            said.append(sentence.format(version=standing.runs))
        for version, why in standing.refused.items():
            sentence = self.tr("{version} is not taken on this machine: {reason}. Tell IT.")
            said.append(sentence.format(version=version, reason=self._reason(why)))
        if standing.fault:
            sentence = self.tr("The last try did not succeed ({code}). It is made again.")
            said.append(sentence.format(code=standing.fault))
        if standing.is_running_out(utc_now()):
            said.append(self._ending(standing))
        return said

    def _reason(self, why: str) -> str:
        if why == "rolled_back":
            return self.tr("IT took it back")
        return self.tr("it failed its self-test ({tests})").format(tests=why)

    def _ending(self, standing: Standing) -> str:
        if standing.expires_at is None or self._zone is None:
            return ""
        at = moment(standing.expires_at, self._zone)
        if standing.expires_at <= utc_now():
            sentence = self.tr("The signatures of updates ran out on {at}: none is taken. Tell IT.")
        else:
            sentence = self.tr("The signatures of updates run out on {at}. Tell IT to renew them.")
        return sentence.format(at=at)
