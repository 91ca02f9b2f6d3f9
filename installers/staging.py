"""What the frozen desk loads by its place beside the program: SpatiaLite and PROJ's database."""

import json
import os
import shutil
from pathlib import Path

from installers.bundle import BUILD, BundleError
from installers.spatialite import built
from installers.systems import LINUX, System


def stage(system: System) -> tuple[list[Path], Path]:
    """Copy the SpatiaLite extension and PROJ's database; return their places.

    On Linux they are built here. ``TRAFFICDESK_SPATIALITE`` names another extension; PROJ's
    database lies beside it, and so do libraries that go with it.

    Raises:
        BundleError: one of them is not here, or cannot be built.
    """
    staged = BUILD / "staged"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    extension, database = _originals(system)
    if not extension.is_file() or not database.is_file():
        raise BundleError(system.advice)
    originals = [str(path.resolve()) for path in (extension, database)]
    (BUILD / "staged.json").write_text(json.dumps(originals), encoding="utf-8")
    # Under its plain name: that is what the frozen desk loads, and never the system's copy.
    copied = [Path(shutil.copy(extension.resolve(), staged / system.spatialite))]
    beside = [p for p in sorted(extension.parent.glob("*.dll")) if p.name != extension.name]
    copied += [Path(shutil.copy(path, staged)) for path in beside]
    return copied, Path(shutil.copy(database, staged / "proj.db"))


def _originals(system: System) -> tuple[Path, Path]:
    named = os.environ.get("TRAFFICDESK_SPATIALITE")
    if named:
        return Path(named), Path(named).parent / "proj.db"
    if system is not LINUX:
        raise BundleError(system.advice)
    spatialite = built()
    return spatialite.extension, spatialite.proj_db
