"""Fills in what macOS reads of an app: ``python -m installers.macos_app TrafficDesk.app``."""

import json
import plistlib
import sys
import tempfile
from pathlib import Path

from installers.icons import write_icns
from installers.page_assets import ROOT
from installers.source import Version

MACOS = ROOT / "installers" / "macos"


def information(version: Version) -> bytes:
    """Return ``Info.plist`` with the version in it."""
    text = (MACOS / "Info.plist").read_text(encoding="utf-8")
    text = text.replace("@RELEASE@", version.release).replace("@NUMBERS@", version.numbers)
    return plistlib.dumps(plistlib.loads(text.encode()))


def furnish(app: Path) -> None:
    """Write an app's description and icon; its ``about`` says which version it is."""
    resources = app / "Contents" / "Resources"
    told = json.loads((resources / "about" / "versions.json").read_text(encoding="utf-8"))
    (app / "Contents" / "Info.plist").write_bytes(
        information(Version(*told["trafficdesk"].split("~")))
    )
    with tempfile.TemporaryDirectory() as folder:
        write_icns(Path(folder), resources / "trafficdesk.icns")


if __name__ == "__main__":
    furnish(Path(sys.argv[1]))
