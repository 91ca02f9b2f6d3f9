"""What is asked of a report: which template, which days, of whom; and why it is refused."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.reporting.language import Language


class Form(StrEnum):
    """What a report is written as, by the ending of its file."""

    PDF = "pdf"
    HTML = "html"
    XLSX = "xlsx"


class ReportFault(StrEnum):
    """Why no report was made."""

    UNKNOWN_TEMPLATE = "unknown_template"
    NOT_PERMITTED = "not_permitted"
    BY_POLICY = "by_policy"
    WRONG_SCOPE = "wrong_scope"
    UNKNOWN_PLACE = "unknown_place"


@dataclass(frozen=True, slots=True)
class Asked:
    """A template and what it is to be about; ``shift`` (``domain.shifts``) only for one of a shift.

    Without station, ward and officer it is about the whole city. ``language``: what it is written
    in.
    """

    template_id: str
    period: Period
    station_id: UUID | None = None
    ward_id: UUID | None = None
    officer_id: UUID | None = None
    shift: int | None = None
    language: Language = Language.ENGLISH

    @property
    def scope(self) -> Scope:
        """Return whom it is about and when. Raises ``ValueError``: it names two."""
        return Scope(self.period, self.station_id, self.ward_id, self.officer_id)
