"""One private PostGIS for the session, a migrated template, a clone of it for whoever asks."""

import io
import itertools
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync_server.db.engine import Database
from sync_server.db.migrate import migrate
from sync_server.logs import set_up_logs
from sync_server.private_cluster import PrivateCluster
from tests.server.live import Live, running, settings_for

_TEMPLATE = "desk_template"
_GRACE_S = 2.0
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _no_thread_outlives_its_test() -> Iterator[None]:
    """Fail a test that leaves a thread behind, but for those that serve the live servers."""
    before = set(threading.enumerate())
    yield
    deadline_s = time.monotonic() + _GRACE_S
    while lasting := [
        thread.name
        for thread in threading.enumerate()
        if thread not in before and not thread.daemon and thread.name != "AnyIO worker thread"
    ]:
        assert time.monotonic() < deadline_s, f"threads left running: {lasting}"
        time.sleep(0.01)


@pytest.fixture(scope="session")
def cluster() -> Iterator[PrivateCluster]:
    """Run PostgreSQL for the whole session; where there is none, this says what to install."""
    # PostgreSQL runs as another user than root, who may not enter pytest's own folders.
    folder = Path(tempfile.mkdtemp(prefix="trafficdesk-cluster-"))
    try:
        with PrivateCluster(folder, durable=False) as running_cluster:
            yield running_cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _template(cluster: PrivateCluster) -> str:
    migrate(cluster.make_database(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture(scope="session")
def clone_database(cluster: PrivateCluster, _template: str) -> Callable[[], str]:
    """Return a function that makes a fresh migrated database and returns its URL."""
    return lambda: cluster.make_database(f"desk_{next(_numbers)}", _template)


@pytest.fixture
def database_url(cluster: PrivateCluster, clone_database: Callable[[], str]) -> Iterator[str]:
    """A migrated database of this test alone."""
    url = clone_database()
    yield url
    cluster.drop_database(url.rpartition("/")[2].partition("?")[0])


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The engine on a database of this test alone."""
    made = Database(database_url, pool_size=10, statement_timeout_s=30)
    made.open()
    yield made
    made.close()


@pytest.fixture(scope="session")
def live(
    clone_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """A server for every test that makes a tenant of its own: tenants do not see each other."""
    with running(settings_for(clone_database(), tmp_path_factory.mktemp("server"))) as started:
        yield started


@pytest.fixture
def own_live(database_url: str, tmp_path: Path) -> Iterator[Live]:
    """A server on a database of this test alone."""
    with running(settings_for(database_url, tmp_path)) as started:
        yield started


@pytest.fixture
def lines() -> io.StringIO:
    """What is logged during a test."""
    stream = io.StringIO()
    set_up_logs("info", stream)
    return stream
