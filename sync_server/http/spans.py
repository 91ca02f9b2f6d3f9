"""Spans of requests for a collector of OpenTelemetry, if an operator names one; else for nobody."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, NamedTuple

from sync_server.settings import PREFIX, Settings, SettingsError
from trafficdesk.wire.traces import Trace

if TYPE_CHECKING:
    from sync_server.http.otlp import Sender

_NEEDED: Final = "opentelemetry.exporter.otlp.proto.http"
_SHARED_DIGITS: Final = 14  # 56 bits that W3C asks to be random, the last of a trace's id
_FAULT: Final = 500


class Told(NamedTuple):
    """A request that was answered: patterns, codes and numbers, and nothing that it held.

    ``parent_id`` is the caller's span, '' if they named none; times are nanoseconds since 1970.
    """

    trace: Trace
    parent_id: str
    method: str
    route: str
    status: int
    request_id: str
    began_ns: int
    ended_ns: int

    @property
    def is_fault(self) -> bool:
        """Tell whether the server is to blame."""
        return self.status >= _FAULT or not self.status


class Spans:
    """Takes the spans of one program. What the collector does not take is lost, and no request."""

    def __init__(self, settings: Settings) -> None:
        """Send nothing yet. Raises ``SettingsError``: what sends is not installed."""
        self._url, self._below = settings.otlp_url, settings.otlp_share * 16**_SHARED_DIGITS
        self._sender: Sender | None = None
        if self._url and not _is_installed():
            fault = f"{PREFIX}OTLP_URL: OpenTelemetry is not installed: see OPERATIONS.md."
            raise SettingsError([fault])

    def open(self) -> None:
        """Begin to send, if there is anybody to send to."""
        if self._url:
            from sync_server.http.otlp import Sender

            self._sender = Sender(self._url)

    def close(self) -> None:
        """Send what waits, for half a minute at most, and no more."""
        if self._sender is not None:
            self._sender.close()

    def tell(self, told: Told) -> None:
        """Take a span, unless its caller wants none kept or it is not of the share that is."""
        if self._sender is None or not told.trace.is_sampled:
            return
        if int(told.trace.trace_id[-_SHARED_DIGITS:], 16) < self._below:
            self._sender.send(told)


def _is_installed() -> bool:
    try:
        return find_spec(_NEEDED) is not None
    except ModuleNotFoundError:  # of a package that it lies in
        return False
