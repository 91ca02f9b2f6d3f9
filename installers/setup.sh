# shellcheck shell=bash
# What ./run and ./test share: makes the environment in .venv and the page assets, and repairs them.
# Sourced, never run. Every step leaves a stamp only when it is done, so that the next run goes on
# where an interrupted one stopped, and a run with nothing to do takes about a second.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
venv="$root/.venv"
python_versions="3.13 3.12 3.11"
system_folders="/usr/local/bin /usr/bin" # looked into even if PATH leaves them out
package_lists=("$root/installers/linux/debian-packages.txt")

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# Prints "3.12" if $1 is a Python that the desk can use, by running it: the shims of version
# managers carry names of Pythons that are not there, and Debian splits venv off.
python_version_of() {
    "$1" -c 'import sys, venv, ensurepip, ssl, ctypes; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

# Prints the newest usable Python; fails if there is none.
find_python() {
    local name version folder candidates="" best="" best_version=""
    for version in $python_versions; do
        candidates="$candidates python$version"
        for folder in $system_folders; do
            candidates="$candidates $folder/python$version"
        done
    done
    for name in $candidates python3 python; do
        version="$(python_version_of "$name")" || continue
        case " $python_versions " in *" $version "*) ;; *) continue ;; esac
        # All serving versions have two digits, so text order is their order.
        if [[ $version > $best_version ]]; then
            best="$name" best_version="$version"
        fi
        [ "$version" != "${python_versions%% *}" ] || break
    done
    [ -n "$best" ] && command -v "$best"
}

package_is_offered() {
    case "$(LC_ALL=C apt-cache policy "$1" 2>/dev/null)" in
        '' | *'Candidate: (none)'*) return 1 ;;
    esac
}

# Prints the lines of the package lists of which no alternative is installed.
missing_packages() {
    local line name installed
    installed="$(dpkg-query -W -f '${db:Status-Status} ${Package} ' 2>/dev/null)"
    while read -r line; do
        case "$line" in '' | '#'*) continue ;; esac
        for name in ${line//|/ }; do
            case " $installed" in *" installed $name "*) continue 2 ;; esac
        done
        say "$line"
    done < <(cat "${package_lists[@]}")
}

# Prints, for each line of alternatives on standard input, the name this release offers.
offered_names() {
    local line name
    while read -r line; do
        for name in ${line//|/ }; do
            if package_is_offered "$name"; then
                say "$name"
                continue 2
            fi
        done
        say "${line##*|}" # apt-get will say what is wrong with it
    done
}

python_packages() {
    local version
    for version in $python_versions; do
        if package_is_offered "python$version-venv"; then
            say "python$version"
            say "python$version-venv"
            return 0
        fi
    done
}

# Runs its arguments as root if that can be done; fails if not.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then
        sudo "$@"
    else
        return 1
    fi
}

# Installs what is missing of the list, and a Python if $1, the usable one found, is empty.
install_debian_packages() {
    local python="$1" missing names
    missing="$(missing_packages)"
    [ -n "$missing" ] || [ -z "$python" ] || return 0
    say "Installing Debian packages…"
    as_root apt-get update -qq || say "The package lists could not be refreshed; going on with the present ones."
    names="$(offered_names <<<"$missing" | sed '/^$/d')"
    [ -n "$python" ] || names="$names"$'\n'"$(python_packages)"
    # shellcheck disable=SC2086 # one word per package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $names >/dev/null ||
        fail "These Debian packages are needed and could not be installed from here. Please run:" \
            "" "  sudo apt-get install -y --no-install-recommends $(tr '\n' ' ' <<<"$names")" "" "and then this command again."
}

install_system_packages() {
    local python="$1"
    if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
        install_debian_packages "$python"
    elif [ "$(uname -s)" = Linux ]; then
        say "This is no Debian or Ubuntu: please see that SpatiaLite (mod_spatialite), NSS, ALSA, EGL/GL, GBM," \
            "fontconfig, D-Bus, Kerberos (libgssapi) and the xcb libraries of Qt 6 are installed; going on."
    fi
}

venv_is_usable() {
    local version="$1"
    [ ! -e "$venv/.installing" ] &&
        grep -qF "$venv" "$venv/pyvenv.cfg" 2>/dev/null &&
        [ "$("$venv/bin/python" -c 'import sys, pip; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$version" ]
}

make_venv() {
    local python="$1" version
    [ -n "$python" ] || python="$(find_python)" ||
        fail "TrafficDesk needs Python 3.11, 3.12 or 3.13 with its venv module; none was found." \
            "On Debian and Ubuntu: sudo apt-get install -y python3 python3-venv"
    version="$(python_version_of "$python")"
    venv_is_usable "$version" && return 0
    say "Making the Python $version environment in .venv…"
    rm -rf "$venv"
    "$python" -m venv "$venv"
}

hash_of() { cat "$@" | sha256sum | cut -d ' ' -f 1; }

stamp_is() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

install_requirements() {
    local wanted
    wanted="$(hash_of "$root/requirements.txt")"
    stamp_is "$venv/.requirements" "$wanted" && return 0
    say "Installing the locked Python packages (the first time a few minutes; 1.6 GB on disk)…"
    # A pip that was killed can leave half a package that it later takes for whole: the mark makes
    # the next run start from an empty environment.
    touch "$venv/.installing"
    "$venv/bin/python" -m pip install --disable-pip-version-check -q --require-hashes -r "$root/requirements.txt" ||
        fail "The Python packages could not be installed; see above. Run this command again to go on."
    rm "$venv/.installing"
    say "$wanted" >"$venv/.requirements"
}

install_trafficdesk() {
    local wanted
    wanted="$(hash_of "$root/pyproject.toml")"
    stamp_is "$venv/.trafficdesk" "$wanted" && [ -x "$venv/bin/trafficdesk" ] && return 0
    "$venv/bin/python" -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e "$root"
    say "$wanted" >"$venv/.trafficdesk"
}

fetch_page_assets() {
    "$venv/bin/python" "$root/installers/page_assets.py" || fail "Run this command again to go on."
}

# Has set_up install what a server on this machine needs, too.
add_server_packages() { package_lists+=("$root/installers/linux/debian-packages-server.txt"); }

# Holds a lock meanwhile, so that ./run and ./test started together do not work on one .venv.
set_up() {
    local python
    unset PYTHONHOME PYTHONPATH
    PATH="${PATH//"$venv/bin:"/}" # an activated .venv is not what the next one is made of
    mkdir -p "$root/build"
    exec 9>"$root/build/.setup-lock"
    ! command -v flock >/dev/null || flock 9
    python="$(find_python || true)"
    install_system_packages "$python"
    make_venv "$python"
    install_requirements
    install_trafficdesk
    fetch_page_assets
    exec 9>&-
}

# Qt without a display; Chromium refuses to start as root unless its sandbox is off.
use_no_display() {
    unset DISPLAY WAYLAND_DISPLAY
    export QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software
}

allow_root() {
    [ "$(id -u)" -ne 0 ] || export QTWEBENGINE_CHROMIUM_FLAGS="${QTWEBENGINE_CHROMIUM_FLAGS:+$QTWEBENGINE_CHROMIUM_FLAGS }--no-sandbox"
}
