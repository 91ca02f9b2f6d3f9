"""Instants: aware UTC datetimes in records, epoch milliseconds in the store and on the wire."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Return epoch milliseconds of an aware datetime (floored)."""
    return (at - _EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    """Return the aware UTC datetime of epoch milliseconds."""
    return _EPOCH + ms * _MS


def utc_now() -> datetime:
    """Return the present instant, cut to milliseconds as the store keeps it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
