"""Makes the installers for Windows: ``python -m installers.windows_installers``.

The .exe by NSIS, the .msi by wixl (or WiX on Windows, see ``windows/build.ps1``); both compile on
Linux. What they install has to be frozen on Windows, and they have not yet been run on one.
"""

import argparse
import shutil
import sys
from pathlib import Path

from installers.bundle import BUILD, DIST, BundleError
from installers.icons import write_ico
from installers.linux_package import made_from
from installers.page_assets import ROOT
from sync_server.programs import run

WINDOWS = ROOT / "installers" / "windows"


def make_exe(bundle: Path, to: Path) -> Path:
    """Compile the NSIS installer.

    Raises:
        BundleError: makensis is not installed, or refuses.
    """
    version, _ = made_from(bundle)
    work = BUILD / "windows"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    icon = work / "trafficdesk.ico"
    write_ico(work, icon)
    target = to / f"TrafficDesk-{version}-x64.exe"
    given = {
        "VERSION": version,
        "NUMBERS": version.numbers,
        "SOURCE": bundle,
        "ICON": icon,
        "OUT": target,
    }
    words = [f"-D{name}={value}" for name, value in given.items()]
    _must("makensis", "-V2", "-WX", *words, str(WINDOWS / "trafficdesk.nsi"))
    return target


def make_msi(bundle: Path, to: Path) -> Path:
    """Compile the MSI.

    Raises:
        BundleError: wixl is not installed, or refuses.
    """
    version, _ = made_from(bundle)
    work = BUILD / "windows"
    work.mkdir(parents=True, exist_ok=True)
    files = work / "Files.wxs"
    listed = "\n".join(str(path) for path in sorted(bundle.rglob("*")) if path.is_file())
    (work / "files.txt").write_text(f"{listed}\n", encoding="utf-8")
    heat = ("wixl-heat", "-p", f"{bundle}/", "--directory-ref", "INSTALLDIR", "--win64")
    words = (*heat, "--component-group", "Files", "--var", "var.Source")
    told = _must("sh", "-c", '"$@" < "$0"', str(work / "files.txt"), *words)
    files.write_text(told, encoding="utf-8")
    target = to / f"TrafficDesk-{version}-x64.msi"
    variables = (f"Numbers={version.numbers}", f"Source={_from_root(bundle)}", "Win64=yes")
    given = [word for variable in variables for word in ("-D", variable)]
    _must(
        "wixl",
        *given,
        "--arch",
        "x64",
        "-o",
        str(target),
        str(WINDOWS / "trafficdesk.wxs"),
        str(files),
    )
    return target


def _from_root(path: Path) -> str:
    """Return a path as wixl takes it: as seen from /, where programs are started here."""
    return path.relative_to(path.anchor).as_posix()


def _must(*command: str) -> str:
    try:
        ended = run(*command)
    except FileNotFoundError:
        raise BundleError(f"{command[0]} is not installed.") from None
    if ended.code:
        raise BundleError(f"{command[0]}: {ended.out[-3000:]}{ended.err[-3000:]}")
    return ended.out


def main() -> int:
    """Make both, and return the exit code."""
    parser = argparse.ArgumentParser(description="Make the installers for Windows.")
    parser.add_argument("--bundle", type=Path, default=DIST / "trafficdesk")
    parser.add_argument("--to", type=Path, default=DIST)
    parser.add_argument("--kind", choices=("exe", "msi"), action="append")
    given = parser.parse_args()
    makers = {"exe": make_exe, "msi": make_msi}
    try:
        for kind in given.kind or makers:
            to = given.to.resolve()
            to.mkdir(parents=True, exist_ok=True)
            made = makers[kind](given.bundle.resolve(), to)
            sys.stdout.write(f"The installer is {made}\n")
    except BundleError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
