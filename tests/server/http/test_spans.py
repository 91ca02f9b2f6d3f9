"""Spans reach a collector that an operator names, tell of nobody, and cost no request anything."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from sync_server.app import create_app
from sync_server.http import otlp, spans
from sync_server.settings import SettingsError
from tests.server.http.collector import collecting, facts_of
from tests.server.live import free_port, running, settings_for
from tests.server.world import API, World
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.traces import HEADER, begin, read


def test_a_span_has_the_numbers_of_the_log_and_the_callers_for_its_parent(
    database_url: str, tmp_path: Path
) -> None:
    given = begin()
    with collecting() as collector:
        with running(settings_for(database_url, tmp_path, otlp_url=collector.url)) as live:
            before_ns = time.time_ns()
            answer = requests.get(f"{live.url}/health", headers={HEADER: given.header}, timeout=10)
            after_ns = time.time_ns()
        (span,) = collector.spans
        (resource,) = collector.resources
    told = read(answer.headers[HEADER])
    assert told is not None
    assert (span.trace_id.hex(), span.span_id.hex()) == (given.trace_id, told.span_id)
    assert (span.parent_span_id.hex(), span.kind) == (given.span_id, Span.SPAN_KIND_SERVER)
    assert (span.name, span.status.code) == ("GET /health", 0)
    assert facts_of(span) == {
        "http.request.method": "GET",
        "http.route": "/health",
        "http.response.status_code": 200,
        "trafficdesk.request_id": answer.headers["X-Request-Id"],
    }
    slack_ns = 50_000_000  # the two clocks are read one after the other
    assert before_ns - slack_ns < span.start_time_unix_nano <= span.end_time_unix_nano
    assert span.end_time_unix_nano < after_ns + slack_ns
    named = {each.key: each.value.string_value for each in resource.resource.attributes}
    assert named["service.name"] == "trafficdesk-sync-server"


def test_a_fault_is_told_as_one_and_a_refusal_is_none(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> bytes:
        raise LookupError("TN 38 AB 1234")

    with collecting() as collector:
        with running(settings_for(database_url, tmp_path, otlp_url=collector.url)) as live:
            monkeypatch.setattr(live.server.metrics, "page", fail)
            requests.get(f"{live.url}{API}/users", timeout=10)
            requests.get(f"{live.url}/metrics", timeout=10)
        refused, faulty = collector.spans
        assert b"1234" not in b"".join(collector.bodies)
    assert (facts_of(refused)["http.response.status_code"], refused.status.code) == (401, 0)
    assert faulty.status.code == 2
    assert facts_of(faulty)["error.type"] == "500"
    assert not faulty.parent_span_id


def test_no_span_tells_of_a_person_a_desk_or_a_record(database_url: str, tmp_path: Path) -> None:
    with collecting() as collector:
        with running(settings_for(database_url, tmp_path, otlp_url=collector.url)) as live:
            world = World(live)
            person = world.person(Role.ADMIN, name="Thenmozhi Ilango")
            desk = world.enrol()
            client = world.sign_in(person, desk)
            assert client.get(f"/users/{person.id}/sessions").ok
            assert client.get(f"/incidents?bbox=76.8,10.8,77.2,11.2&city={world.city_id}").ok
        sent = b"".join(collector.bodies)
    assert f"{API}/users/{{user_id}}/sessions".encode() in sent
    for secret in ("Thenmozhi", person.login, str(person.id), str(desk.id), str(world.city_id)):
        assert secret.encode() not in sent
    for secret in (client.token, desk.turn, "127.0.0.1", "76.8", "bbox"):
        assert secret.encode() not in sent


def test_what_its_caller_wants_not_kept_or_is_beyond_the_share_is_not_sent(
    database_url: str, tmp_path: Path
) -> None:
    given = begin()
    kept, beyond = (given._replace(trace_id="1" * 18 + digits * 14) for digits in "08")
    with collecting() as collector:
        settings = settings_for(database_url, tmp_path, otlp_url=collector.url, otlp_share=0.5)
        with running(settings) as live:
            for each in (kept._replace(is_sampled=False), beyond, kept):
                requests.get(f"{live.url}/health", headers={HEADER: each.header}, timeout=10)
        assert [span.trace_id.hex() for span in collector.spans] == [kept.trace_id]


def test_a_collector_that_is_away_or_hangs_keeps_nobody(
    database_url: str, tmp_path: Path, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")  # ms: it hangs while requests are answered
    monkeypatch.setattr(otlp, "_TIMEOUT_S", 0.5)
    with collecting(answers=False) as hanging:
        for url in (f"http://127.0.0.1:{free_port()}/v1/traces", hanging.url):
            with running(settings_for(database_url, tmp_path, otlp_url=url)) as live:
                for _ in range(50):
                    assert requests.get(f"{live.url}/health", timeout=5).ok
        assert hanging.bodies
    warned = [each for each in map(json.loads, lines.getvalue().splitlines()) if "library" in each]
    assert {str(each["library"]).partition(".")[0] for each in warned} <= {"opentelemetry"}


def test_without_what_sends_a_server_that_is_told_to_send_does_not_start(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spans, "_NEEDED", "opentelemetry.is.not.here")
    create_app(settings_for(database_url, tmp_path))
    with pytest.raises(SettingsError, match="OTLP_URL: OpenTelemetry is not installed"):
        create_app(settings_for(database_url, tmp_path, otlp_url="http://127.0.0.1:1/v1/traces"))


def test_nothing_of_it_is_loaded_unless_it_is_asked_for() -> None:
    program = (
        "import sys, sync_server.app, sync_server.serving, sync_server.http.spans; "
        "sys.exit(any(name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter', 'google')) "
        "for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert done.returncode == 0
