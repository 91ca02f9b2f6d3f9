#!/usr/bin/env bash
# Freezes the desk on macOS and makes TrafficDesk.app and a .dmg of it, signed with the hardened
# runtime. Not yet run on a real Mac. Needs Python 3.13 or 3.12, Xcode's command line tools, and in
# TRAFFICDESK_SPATIALITE an extension with proj.db beside it that was built with the options of
# installers/spatialite.py: what Homebrew has links RTTOPO, which is under the GPL and is refused.
#
#   installers/macos/build.sh [--identity "Developer ID Application: …"] [--notary-profile NAME]
#
# Without an identity it is signed for this machine alone (ad hoc) and others will refuse it.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
identity="-"
notary=""
while [ $# -gt 0 ]; do
    case "$1" in
        --identity) identity="${2:?--identity needs a name}" && shift ;;
        --notary-profile) notary="${2:?--notary-profile needs a name}" && shift ;;
        *) sed -n '2,10p' "${BASH_SOURCE[0]}" && exit 2 ;;
    esac
    shift
done

cd "$root"
python="$root/.venv/bin/python"
[ -x "$python" ] || python3 -m venv .venv
"$python" -m pip install --quiet --require-hashes -r requirements.txt
"$python" -m pip install --quiet --no-deps --no-build-isolation -e .
"$python" installers/page_assets.py
"$python" build_spec.py

# PyInstaller lays out the app beside its folder; what the folder tells of itself goes along.
app="$root/dist/TrafficDesk.app"
cp -R dist/trafficdesk/about "$app/Contents/Resources/about"
"$python" -m installers.macos_app "$app"

options=(--force --timestamp --options runtime --sign "$identity")
[ "$identity" != - ] || options=(--force --options runtime --sign -)
# From the inside out: what is signed may not change afterwards.
while IFS= read -r -d '' file; do
    codesign "${options[@]}" "$file"
done < <(find "$app/Contents/Frameworks" -type f \( -name '*.dylib' -o -name '*.so' \) -print0)
while IFS= read -r -d '' helper; do
    codesign "${options[@]}" --entitlements installers/macos/entitlements.plist "$helper"
done < <(find "$app/Contents/Frameworks" -type d -name 'QtWebEngineProcess.app' -print0)
while IFS= read -r -d '' framework; do
    codesign "${options[@]}" "$framework"
done < <(find "$app/Contents/Frameworks" -type d -name '*.framework' -print0)
codesign "${options[@]}" --entitlements installers/macos/entitlements.plist "$app"
codesign --verify --deep --strict "$app"
"$app/Contents/MacOS/trafficdesk" selftest

version="$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["trafficdesk"])' "$app/Contents/Resources/about/versions.json")"
dmg="$root/dist/TrafficDesk-$version-$(uname -m).dmg"
rm -f "$dmg"
hdiutil create -volname TrafficDesk -srcfolder "$app" -format UDZO -ov "$dmg"
[ "$identity" = - ] || codesign --force --timestamp --sign "$identity" "$dmg"
if [ -n "$notary" ]; then
    xcrun notarytool submit "$dmg" --keychain-profile "$notary" --wait
    xcrun stapler staple "$dmg"
fi
printf 'The disk image is %s\n' "$dmg"
