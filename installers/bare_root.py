"""A bare Debian 12 in a folder, and an ordinary user in it who has no network."""

import hashlib
import os
import shutil
from pathlib import Path

from sync_server.programs import Ended, run

RELEASE = "bookworm"
_UID = 1000
_APT_REFUSED = 100
_WITHOUT_SERVICES = "#!/bin/sh\nexit 101\n"
# Run in namespaces of its own: a chroot alone is refused the user namespace of Chromium's sandbox.
_ENTER = """
set -e
mount --make-rprivate /
mount --bind "$ROOT" "$ROOT"
cd "$ROOT"
mkdir -p old
mount -t proc proc proc
mount -t tmpfs -o mode=755 dev dev
for node in null zero full random urandom tty; do
    : > dev/$node
    mount --bind /dev/$node dev/$node
done
mkdir dev/shm
mount -t tmpfs -o mode=1777 shm dev/shm
ln -s /proc/self/fd dev/fd
pivot_root . old
umount -l old
cd /
exec setpriv --reuid="$AS" --regid="$AS" --clear-groups env -i "$@"
"""
_SURROUNDINGS = (
    "LANG=C.UTF-8",
    "PATH=/usr/bin:/bin",
    "QT_QPA_PLATFORM=offscreen",
    "QT_QUICK_BACKEND=software",
)


class CleanMachineError(Exception):
    """The package does not do on a bare machine what it has to."""


class BareRoot:
    """The folder of a whole system, and what is done in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def _home(self) -> Path:
        return self.folder / "srv" / "officer"

    def bring(self, file: Path) -> Path:
        """Copy a file to the top of the root."""
        return Path(shutil.copy(file, self.folder / file.name))

    def apt(self, *words: str) -> None:
        """Run apt-get as its root, with this machine's network.

        Raises:
            CleanMachineError: apt refused; it says what.
        """
        ended = self._apt(*words)
        if ended.code:
            raise CleanMachineError(f"apt-get {' '.join(words)}:\n{ended.out}{ended.err}")

    def is_refused_by_apt(self, *words: str) -> bool:
        """Tell whether apt-get refuses to do something, as it says it does by its exit code."""
        return self._apt(*words).code == _APT_REFUSED

    def _apt(self, *words: str) -> Ended:
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
        command = ("chroot", str(self.folder), "apt-get", "-q", "-y", *words)
        return run(*command, environment=environment | {"LC_ALL": "C.UTF-8"})

    def as_officer(self, *words: str) -> str:
        """Run a program as the ordinary user, without a network; return what it told.

        Raises:
            CleanMachineError: it ended with another code than 0.
        """
        return self._run(_UID, ("HOME=/srv/officer", "USER=officer"), words)

    def as_root(self, *words: str) -> str:
        """Run a program as the root of that system, without a network; return what it told.

        Raises:
            CleanMachineError: it ended with another code than 0.
        """
        return self._run(0, ("HOME=/root", "USER=root"), words)

    def _run(self, uid: int, who: tuple[str, ...], words: tuple[str, ...]) -> str:
        apart = ("unshare", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child")
        command = (*apart, "sh", "-c", _ENTER, "enter", *_SURROUNDINGS, *who, *words)
        ended = run(*command, environment=os.environ | {"ROOT": str(self.folder), "AS": str(uid)})
        if ended.code:
            told = f"{ended.out[-3000:]}{ended.err[-3000:]}"
            raise CleanMachineError(f"{' '.join(words)} ended with {ended.code}:\n{told}")
        return ended.out

    def write_as_officer(self, name: str, text: str) -> None:
        """Write a file of the officer's own, which nobody else may read."""
        path = self._home / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        os.chown(path, _UID, _UID)

    def fingerprint_of_profile(self) -> str:
        """Return a hash of every name and byte in the officer's profile."""
        digest = hashlib.sha256()
        profile = self._home / ".local" / "share" / "TrafficDesk"
        for path in sorted(profile.rglob("*")):
            digest.update(str(path.relative_to(profile)).encode())
            if path.is_file():
                digest.update(path.read_bytes())
        return digest.hexdigest()


def make_root(folder: Path) -> BareRoot:
    """Make the bare system in a folder; the first one is kept beside it as an archive.

    Raises:
        CleanMachineError: debootstrap is not installed or fails, or apt has no source here.
    """
    root = BareRoot(folder / "root")
    shutil.rmtree(root.folder, ignore_errors=True)
    archive = folder / f"{RELEASE}.tar"
    if archive.is_file():
        root.folder.mkdir()
        _must("tar", "--extract", "--file", str(archive), "--directory", str(root.folder))
        return root
    _must("debootstrap", "--variant=minbase", RELEASE, str(root.folder), _mirror())
    _share_sources(root)
    root.apt("update")
    _must(
        "chroot",
        str(root.folder),
        "useradd",
        "--create-home",
        "--home-dir",
        "/srv/officer",
        "--uid",
        str(_UID),
        "officer",
    )
    _must("tar", "--create", "--file", str(archive), "--directory", str(root.folder), ".")
    return root


def _mirror() -> str:
    """Return where this machine gets its packages from."""
    pattern = "$(SITE)|$(RELEASE)|$(COMPONENT)"
    told = _must("apt-get", "indextargets", "--format", pattern, "Created-By: Packages")
    for line in told.splitlines():
        site, release, component = line.split("|")
        if (release, component) == (RELEASE, "main"):
            return site
    raise CleanMachineError(f"apt knows no {RELEASE} here: the package is proved on Debian 12.")


def _share_sources(root: BareRoot) -> None:
    """Let the root's apt fetch from where this machine's does; no service starts in it."""
    apt = Path("/etc/apt")
    own = root.folder / "etc" / "apt"
    for source in (*apt.glob("sources.list"), *apt.glob("sources.list.d/*.sources")):
        shutil.copy(source, own / source.relative_to(apt))
    for option in apt.glob("apt.conf.d/*"):
        if "Acquire" in option.read_text(encoding="utf-8", errors="replace"):
            shutil.copy(option, own / "apt.conf.d")
    for name in ("resolv.conf", "hosts"):
        shutil.copy(Path("/etc") / name, root.folder / "etc" / name)
    policy = root.folder / "usr" / "sbin" / "policy-rc.d"
    policy.write_text(_WITHOUT_SERVICES, encoding="ascii")
    policy.chmod(0o755)


def _must(*command: str) -> str:
    try:
        ended = run(*command)
    except FileNotFoundError:
        raise CleanMachineError(f"{command[0]} is not installed.") from None
    if ended.code:
        raise CleanMachineError(f"{command[0]}: {ended.out[-3000:]}{ended.err[-3000:]}")
    return ended.out
