"""The program's mark as files, painted by what paints it in its window."""

import os
from contextlib import ExitStack
from pathlib import Path

SIDES_PX = (16, 24, 32, 48, 64, 128, 256)


def write_pngs(folder: Path) -> list[Path]:
    """Write ``trafficdesk-16.png`` and the larger ones into a folder."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from trafficdesk.qt.shell.logo import window_icon

    application = QGuiApplication.instance() or QGuiApplication(["trafficdesk"])
    icon = window_icon()
    written = []
    for side in SIDES_PX:
        path = folder / f"trafficdesk-{side}.png"
        icon.pixmap(side, side).save(str(path))
        written.append(path)
    application.processEvents()
    return written


def write_ico(folder: Path, target: Path) -> None:
    """Write all sizes into one file for Windows; the folder is for the single ones."""
    _write_all(write_pngs(folder), target, "ICO")


def write_icns(folder: Path, target: Path) -> None:
    """Write all sizes into one file for macOS; the folder is for the single ones."""
    _write_all(write_pngs(folder), target, "ICNS")


def _write_all(pngs: list[Path], target: Path, kind: str) -> None:
    from PIL import Image

    with ExitStack() as opened:
        images = [opened.enter_context(Image.open(path)) for path in pngs]
        sizes = [image.size for image in images]
        images[-1].save(target, kind, sizes=sizes, append_images=images[:-1])
