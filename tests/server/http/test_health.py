"""Operators see whether the server and its database are well."""

import requests

from tests.server.live import Live


def test_the_server_and_its_database_are_well(live: Live) -> None:
    assert requests.get(f"{live.url}/health", timeout=10).json() == {"status": "ok"}
    found = requests.get(f"{live.url}/health/db", timeout=10)
    assert (found.status_code, found.json()["status"]) == (200, "ok")


def test_metrics_are_prometheus_text(live: Live) -> None:
    requests.get(f"{live.url}/health", timeout=10)
    page = requests.get(f"{live.url}/metrics", timeout=10).text
    assert 'trafficdesk_request_seconds_count{method="GET",route="/health",status="200"}' in page
    assert "trafficdesk_pool" in page


def test_an_unknown_address_is_a_problem_with_a_code(live: Live) -> None:
    answer = requests.get(f"{live.url}/api/v1/nothing", timeout=10)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
