"""A repository is made once for each test process; each test changes a copy of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.updates.releases import Desk, Releases
from tests.updates.standins import StandIns


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    made = Releases(tmp_path_factory.mktemp("releases"))
    made.found()
    made.release("0.1.0")
    return made


@pytest.fixture
def releases(founded: Releases, tmp_path: Path) -> Releases:
    """A repository with 0.1.0 for everybody."""
    return Releases(Path(shutil.copytree(founded.folder, tmp_path / "releases")))


@pytest.fixture
def desk(releases: Releases) -> Desk:
    return Desk(releases)


@pytest.fixture
def machine() -> Iterator[StandIns]:
    """A machine in a folder that everybody may read, as the system's own is."""
    folder = Path(tempfile.mkdtemp(prefix="trafficdesk-machine-"))
    folder.chmod(0o755)
    made = StandIns(folder)
    made.prepare()
    yield made
    shutil.rmtree(folder)
