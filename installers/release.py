"""Makes the repository of updates: ``python -m installers.release --help`` lists the steps.

Root and targets are signed by people, with keys that need not be on this machine; snapshot and
timestamp by the online key, whenever something is published.
"""

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from typing import Final

from tuf.api.metadata import Root, Targets, Timestamp

from installers.releasing import keys, offers, options, repository
from installers.releasing.errors import ReleaseError
from installers.releasing.publishing import publish
from installers.releasing.repository import AnyMetadata, Keys, Repository
from trafficdesk.updates.errors import UpdateError
from trafficdesk.updates.machine import Offer

_Step = Callable[[argparse.Namespace], str]
_Options = Callable[[argparse.ArgumentParser], None]
_ROTATED: Final = {"root": (Root.type,), "targets": (Targets.type,), "online": repository.ONLINE}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked for, and return the exit code."""
    given = _parser().parse_args(arguments)
    step: _Step = given.step
    try:
        sys.stdout.write(f"{step(given)}\n")
    except (ReleaseError, UpdateError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Make the repository of updates.")
    steps = parser.add_subparsers(required=True, metavar="STEP")
    for name, (step, add_options, words) in STEPS.items():
        told = steps.add_parser(name, help=words, description=words)
        told.set_defaults(step=step)
        add_options(told)
    return parser


def _asking(given: argparse.Namespace) -> keys.Ask:
    """Return how passphrases are asked for: of a file for all keys, or of who sits there."""
    file = given.passphrase_file
    if file is not None:
        return lambda _path: str(file.read_text(encoding="utf-8")).rstrip("\n")
    return lambda path: getpass.getpass(f"Passphrase of {path}: ")


def _make_key(given: argparse.Namespace) -> str:
    passphrase = "" if given.unlocked else _asking(given)(given.path)
    if not passphrase and not given.unlocked:
        raise ReleaseError("A key needs a passphrase; --unlocked makes one without.")
    keyid = keys.make_key(given.path, passphrase)
    return f"{given.path} and {given.path}{keys.PUBLIC}: {keyid[:8]}"


def _found(given: argparse.Namespace) -> str:
    roots, targets, online = (
        Keys(tuple(map(keys.load_public, paths)), threshold)
        for paths, threshold in (
            (given.root, given.root_threshold),
            (given.targets, given.targets_threshold),
            (given.online, 1),
        )
    )
    draft = repository.found(given.repository, roots, targets, online, given.days)
    return f"Have {draft} and {draft.with_name('targets.json')} signed, then publish."


def _add(given: argparse.Namespace) -> str:
    to = Repository(given.repository)
    offer = Offer(given.channel, given.percent)
    manifest = offers.add(to, given.bundle, offer, given.days, given.level)
    packed = sum({file.sha256: file.packed_size for file in manifest.files}.values())
    name = f"{manifest.platform}/{manifest.version}"
    sizes = f"{manifest.size / 1e6:.1f} MB, {packed / 1e6:.1f} MB packed"
    lines = [f"{name}: {len(manifest.files)} files, {sizes}."]
    for older in offers.releases_before(to, to.next_targets().signed.targets, f"{name}.json"):
        size = offers.fetched(manifest, older)
        share = 100 * size / packed
        lines.append(f"A desk with {older.version} fetches {size / 1e6:.2f} MB, {share:.1f} %.")
    lines.append(f"Have {to.draft_path(Targets.type)} signed, then publish.")
    return "\n".join(lines)


def _offer(given: argparse.Namespace) -> str:
    to = Repository(given.repository)
    offers.offer_to(to, given.release, Offer(given.channel, given.percent), given.days)
    return f"Have {to.draft_path(Targets.type)} signed, then publish."


def _withdraw(given: argparse.Namespace) -> str:
    to = Repository(given.repository)
    offers.withdraw(to, given.release, given.days)
    return f"Have {to.draft_path(Targets.type)} signed, then publish."


def _rotate(given: argparse.Namespace) -> str:
    to = Repository(given.repository)
    root = to.next_root()
    following = Keys(tuple(map(keys.load_public, given.key)), given.threshold)
    for role in _ROTATED[given.role]:
        repository.set_keys(root.signed, role, following)
    draft = to.save_draft(root, given.days)
    return f"Have {draft} signed by the old root keys and the new ones, then publish."


def _renew(given: argparse.Namespace) -> str:
    to = Repository(given.repository)
    drafts = (
        to.save_draft(to.next_root(), given.days),
        to.save_draft(to.next_targets(), given.days),
    )
    return f"Have {' and '.join(map(str, drafts))} signed, then publish."


def _sign(given: argparse.Namespace) -> str:
    signers = [keys.load_signer(path, _asking(given)) for path in given.key]
    return "\n".join(_lines_of(repository.sign(given.draft, signers)))


def _publish(given: argparse.Namespace) -> str:
    online = [keys.load_signer(path, _asking(given)) for path in given.key]
    told = publish(Repository(given.repository), online, given.days)
    return f"Published: {', '.join(told) or 'the same state'}, valid for {given.days} days."


def _prune(given: argparse.Namespace) -> str:
    return f"{offers.prune(Repository(given.repository)) / 1e6:.1f} MB were of no release."


def _status(given: argparse.Namespace) -> str:
    here, lines = Repository(given.repository), list[str]()
    paths = [here.newest_path(role) for role in repository.ROLES[:-1]]
    paths.append(here.metadata / f"{Timestamp.type}.json")
    paths += [here.draft_path(Root.type), here.draft_path(Targets.type)]
    for path in paths:
        if path is not None and path.exists():
            lines += [f"{path}", *(f"  {line}" for line in _lines_of(repository.read_any(path)))]
    return "\n".join(lines)


def _lines_of(metadata: AnyMetadata) -> list[str]:
    """Say what whoever signs puts their name to."""
    signed = metadata.signed
    names = ", ".join(keyid[:8] for keyid in metadata.signatures) or "nobody"
    lines = [f"{signed.type} {signed.version}, valid until {signed.expires:%Y-%m-%d}"]
    if isinstance(signed, Root):
        for role, asked in signed.roles.items():
            allowed = ", ".join(keyid[:8] for keyid in asked.keyids)
            lines.append(f"{role}: {asked.threshold} of {allowed}")
    if isinstance(signed, Targets):
        for name, offer in offers.offers(signed.targets):
            digest = signed.targets[f"{name}.json"].hashes["sha256"]
            lines.append(f"{name}: {offer.channel}, {offer.percent} %, manifest {digest}")
    return [*lines, f"signed by {names}"]


STEPS: Final[dict[str, tuple[_Step, _Options, str]]] = {
    "make-key": (_make_key, options.make_key, "Make a key pair."),
    "found": (_found, options.found, "Begin a repository, with drafts to be signed."),
    "add": (_add, options.add, "Draft the release of a frozen desk."),
    "offer": (_offer, options.offer, "Draft another channel or share of machines for a release."),
    "withdraw": (_withdraw, options.withdraw, "Draft that a release is offered to nobody."),
    "rotate": (_rotate, options.rotate, "Draft other keys for a role."),
    "renew": (_renew, options.renew, "Draft that root and targets are valid for longer."),
    "sign": (_sign, options.sign, "Sign a draft, on any machine."),
    "publish": (_publish, options.publish, "Publish what is signed; or only be valid for longer."),
    "prune": (_prune, options.repository, "Remove files that no release names."),
    "status": (_status, options.repository, "Tell what is published, drafted and signed."),
}


if __name__ == "__main__":
    sys.exit(main())
