"""What Prometheus reads: requests, the pool, sign-ins, and what operations came to."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """One registry of its own, so that several servers may run in one process."""

    def __init__(self, pool_stats: Callable[[], Mapping[str, int]]) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self.requests = Histogram(
            "trafficdesk_request_seconds",
            "Time to answer a request.",
            ("method", "route", "status"),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self.operations = self._counter(
            "operations",
            "Operations answered, by what they came to and why they were rejected.",
            "result",
            "reason",
        )
        self.sign_ins = self._counter("sign_ins", "Sign-ins by result.", "result")
        self.limited = self._counter("limited", "Requests over a limit.", "limit")
        self.intake = self._counter(
            "incident_intake",
            "Incidents reported over the API: created, or merged into one that was known.",
            "result",
        )
        self.tidied = self._counter("upkeep", "What this program's upkeep removed.", "what")
        self.failed_jobs = self._counter(
            "failed_jobs", "Rounds of the server's own work that failed, by job.", "job"
        )
        self.live = Gauge(
            "trafficdesk_live_connections",
            "Live WebSockets of this process.",
            registry=self.registry,
        )
        self.registry.register(_Pool(pool_stats))

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"trafficdesk_{name}", what, labels, registry=self.registry)

    def page(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self.registry)


class _Pool(Collector):
    """The pool's numbers as they are when asked for."""

    def __init__(self, stats: Callable[[], Mapping[str, int]]) -> None:
        self._stats = stats

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield one gauge with a sample per number."""
        gauge = GaugeMetricFamily(
            "trafficdesk_pool", "The pool of database connections.", labels=("number",)
        )
        for name, value in sorted(self._stats().items()):
            gauge.add_metric([name], value)
        yield gauge
