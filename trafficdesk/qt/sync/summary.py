"""The state of the sync in the pill's few words, and spans of time as it says them."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from trafficdesk.qt.shell.top_bar import SyncSummary
from trafficdesk.qt.sync.words import short_word
from trafficdesk.services.sending import Tally
from trafficdesk.sync.status import Phase, Status
from trafficdesk.wire.codes import Code

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 60 * _MINUTE_MS
_HOURS_SHOWN: Final = 48


def _say(source: str) -> str:
    return QCoreApplication.translate("SyncSummary", source)


def span(ms: int) -> str:
    """Return a span of time in one unit: ``40 s``, ``12 min``, ``3 h``, ``4 d``."""
    if ms < _MINUTE_MS:
        return _say("{seconds} s").format(seconds=max(0, ms) // 1000)
    if ms < _HOUR_MS:
        return _say("{minutes} min").format(minutes=ms // _MINUTE_MS)
    hours = ms // _HOUR_MS
    if hours < _HOURS_SHOWN:
        return _say("{hours} h").format(hours=hours)
    return _say("{days} d").format(days=hours // 24)


def is_fetching(status: Status) -> bool:
    """Tell whether there is still something to be fetched."""
    is_under_way = status.phase is Phase.FETCHING and not status.is_held
    return is_under_way and status.fetched < status.to_fetch


def summarise(status: Status, tally: Tally, now_ms: int) -> SyncSummary:
    """Return what the pill shows."""
    to_send, need_you = tally.to_send, tally.need_you
    if status.fault:
        words, icon = _hindered(status, now_ms)
        return SyncSummary(words, to_send, need_you, icon, "")
    if status.last_contact_ms is None:
        return SyncSummary(_say("Connecting"), to_send, need_you, "cloud-cog", "")
    if status.phase is Phase.SENDING and to_send:
        sending = QCoreApplication.translate("SyncSummary", "Sending %n", "", to_send)
        return SyncSummary(sending, 0, need_you, "cloud-upload", "")
    if status.is_held:
        return SyncSummary(_say("Fetching stopped"), to_send, need_you, "cloud-cog", "")
    if is_fetching(status):
        return SyncSummary(_say("Fetching"), to_send, need_you, "cloud-download", "")
    return SyncSummary(_say("Online"), to_send, need_you, "cloud-check", _say("all sent"))


def _hindered(status: Status, now_ms: int) -> tuple[str, str]:
    if status.phase is Phase.STOPPED:
        return _say("Stopped: {why}").format(why=short_word(status.fault)), "octagon-x"
    if status.fault == Code.SIGN_IN_NEEDED:
        return _say("Sign in to send"), "log-in"
    return _offline(status, now_ms), "cloud-off"


def _offline(status: Status, now_ms: int) -> str:
    word = short_word(status.fault)
    if status.last_contact_ms is None or now_ms - status.last_contact_ms < _MINUTE_MS:
        return word
    since = span(now_ms - status.last_contact_ms)
    return _say("{state} {span}").format(state=word, span=since)
