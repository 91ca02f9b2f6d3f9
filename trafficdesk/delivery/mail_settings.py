"""Which mail server takes reports, and how it is told from any other."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MailSettings:
    """A mail server; without a login nobody signs in there. ``ca_file`` is its only authority.

    ``is_tls``: the line is encrypted from its beginning; otherwise from STARTTLS on.
    """

    host: str
    port: int
    sender: str
    is_tls: bool = False
    login: str = ""
    ca_file: Path | None = None
