"""Structured logs: one JSON object a line, without personal data.

Messages of exceptions may quote a row, so only their type and where they were raised are told.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import structlog
from structlog.typing import FilteringBoundLogger

_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def set_up_logs(level: str, stream: TextIO = sys.stdout) -> None:
    """Write this process's logs to a stream, those of libraries from warnings up."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _tell_where,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Foreign(logging.WARNING)], force=True)


def logger() -> FilteringBoundLogger:
    """Return the logger. Events are named in the past tense; facts are keyword arguments."""
    made: FilteringBoundLogger = structlog.get_logger()
    return made


def _tell_where(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    error = event.pop("error", None)
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    return event


class _Foreign(logging.Handler):
    """Turns what libraries log into our lines: the pattern, not what was filled in."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the record's pattern and its error."""
        error = record.exc_info[1] if record.exc_info else None
        level = "error" if record.levelno >= logging.ERROR else "warning"
        log = logger().bind(library=record.name, pattern=str(record.msg))
        getattr(log, level)("library_warned", error=error)
