"""What each step of ``installers.release`` is told on its command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Final, get_args

from installers.releasing.payload import LEVEL
from trafficdesk.policy.bounds import Channel

SIGNED_DAYS: Final = 730  # people have to meet for it
ONLINE_DAYS: Final = 180
RELEASE_WORDS: Final = "PLATFORM/VERSION, as status lists it"


def repository(parser: ArgumentParser) -> None:
    """Add the repository's folder."""
    parser.add_argument("repository", type=Path, help="the repository's folder")


def _days(parser: ArgumentParser, usual: int) -> None:
    words = f"days it is valid from now, {usual} unless told"
    parser.add_argument("--days", type=int, default=usual, metavar="N", help=words)


def _passphrase(parser: ArgumentParser) -> None:
    words = "file with the passphrase of the keys; else it is asked for"
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help=words)


def _keys(parser: ArgumentParser, name: str, words: str) -> None:
    parser.add_argument(name, type=Path, action="append", required=True, metavar="FILE", help=words)


def _offer(parser: ArgumentParser) -> None:
    parser.add_argument("--channel", choices=get_args(Channel), default="stable")
    words = "share of the channel's machines, 0 to 100"
    parser.add_argument("--percent", type=int, choices=range(101), required=True, help=words)


def make_key(parser: ArgumentParser) -> None:
    """A key's file and its passphrase."""
    parser.add_argument("path", type=Path, help="the private key's file; .pub is put beside it")
    _passphrase(parser)
    parser.add_argument("--unlocked", action="store_true", help="without a passphrase")


def found(parser: ArgumentParser) -> None:
    """Who may sign what from the start."""
    repository(parser)
    for role in ("root", "targets"):
        _keys(parser, f"--{role}", f"public key of one who signs {role}; once for each")
        words = f"how many of them it takes for {role}"
        parser.add_argument(f"--{role}-threshold", type=int, required=True, help=words)
    _keys(parser, "--online", "public key that says what is the newest state")
    _days(parser, SIGNED_DAYS)


def add(parser: ArgumentParser) -> None:
    """A frozen desk, and who is offered it."""
    repository(parser)
    parser.add_argument("bundle", type=Path, help="the folder that build_spec.py made")
    _offer(parser)
    words = f"how hard its files are packed, {LEVEL} unless told; 1 is quick, for a trial"
    levels = range(1, LEVEL + 1)
    parser.add_argument("--level", type=int, choices=levels, default=LEVEL, metavar="N", help=words)
    _days(parser, SIGNED_DAYS)


def offer(parser: ArgumentParser) -> None:
    """A release, and who is offered it."""
    withdraw(parser)
    _offer(parser)


def withdraw(parser: ArgumentParser) -> None:
    """A release."""
    repository(parser)
    parser.add_argument("release", help=RELEASE_WORDS)
    _days(parser, SIGNED_DAYS)


def rotate(parser: ArgumentParser) -> None:
    """A role's keys from now on."""
    repository(parser)
    parser.add_argument("role", choices=("root", "targets", "online"))
    _keys(parser, "--key", "public key that may sign from now on; once for each")
    parser.add_argument("--threshold", type=int, required=True, help="how many it takes")
    _days(parser, SIGNED_DAYS)


def renew(parser: ArgumentParser) -> None:
    """How long root and targets shall be valid."""
    repository(parser)
    _days(parser, SIGNED_DAYS)


def sign(parser: ArgumentParser) -> None:
    """A draft, wherever it lies, and keys."""
    parser.add_argument("draft", type=Path, help="draft/root.json or draft/targets.json")
    _keys(parser, "--key", "private key; once for each")
    _passphrase(parser)


def publish(parser: ArgumentParser) -> None:
    """The online key."""
    repository(parser)
    _keys(parser, "--key", "the online private key")
    _passphrase(parser)
    _days(parser, ONLINE_DAYS)
