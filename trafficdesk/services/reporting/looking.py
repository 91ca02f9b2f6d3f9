"""Looking at a report before it goes anywhere: made as it would be, and kept nowhere."""

from trafficdesk.domain.reporting.asked import Asked, Form, ReportFault
from trafficdesk.services.report_folder import making_folder
from trafficdesk.services.reporting.making import make_report
from trafficdesk.services.session import Session


def look_at_report(session: Session, asked: Asked) -> bytes | ReportFault:
    """Return a report as a PDF that lies nowhere; it is noted in the audit chain like any other.

    Raises:
        OSError: the profile takes no file.
    """
    with making_folder(session.profile) as folder:
        path = folder / f"{asked.template_id}.{Form.PDF}"
        made = make_report(session, asked, Form.PDF, path)
        return made if isinstance(made, ReportFault) else path.read_bytes()
