"""What an exchange takes of the processor: desk, server and database, each by itself."""

import time
from collections.abc import Iterator

import psutil  # type: ignore[import-untyped]  # it ships no types

_DATABASE = "postgres"


class Meter:
    """Reads the seconds of this process (the desk), of the server's and of its PostgreSQL."""

    def __init__(self, server_pid: int) -> None:
        self._server = psutil.Process(server_pid)
        (self._database,) = (
            each
            for each in psutil.Process().children(recursive=True)
            if each.name() == _DATABASE and each.parent().name() != _DATABASE
        )
        self._before = self._read()

    def _read(self) -> dict[str, float]:
        server = self._server.cpu_times()
        return {
            "desk_cpu_s": time.process_time(),
            "server_cpu_s": server.user + server.system,
            "postgres_cpu_s": sum(self._of_database()),
        }

    def _of_database(self) -> Iterator[float]:
        """Give the times of its processes, and of those that have ended."""
        main = self._database.cpu_times()
        yield main.user + main.system + main.children_user + main.children_system
        for each in self._database.children():
            try:
                times = each.cpu_times()
            except psutil.NoSuchProcess:
                continue
            yield times.user + times.system

    def taken(self) -> dict[str, float]:
        """Return the seconds of each since the meter was made."""
        after = self._read()
        return {name: round(after[name] - before, 2) for name, before in self._before.items()}
