"""The mail server that this desk's reports go by: IT's, or the one that the profile names."""

from pathlib import Path
from typing import Final

import msgspec

from trafficdesk.delivery.errors import DeliveryError
from trafficdesk.delivery.mail import Letter, send
from trafficdesk.delivery.mail_settings import MailSettings
from trafficdesk.domain.deliveries import is_address
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import utc_now
from trafficdesk.policy.schema import MailRules
from trafficdesk.profile import Profile

SERVICE: Final = "TrafficDesk mail"


def find_rules(profile: Profile) -> MailRules | None:
    """Return what is said of the mail server; None where nobody named one.

    Raises:
        DeliveryError: the profile's own file cannot be read or understood.
    """
    if profile.policy.mail is not None:
        return profile.policy.mail
    try:
        return msgspec.json.decode(profile.mail.read_bytes(), type=MailRules)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise DeliveryError("mail.settings", str(error)) from error


def load_settings(profile: Profile) -> tuple[MailSettings, str]:
    """Return the mail server and the password for it.

    Raises:
        DeliveryError: there is none, or no password for it.
    """
    rules = find_rules(profile)
    if rules is None:
        raise DeliveryError("mail.no_server")
    authority = None if rules.ca_file is None else Path(rules.ca_file)
    settings = MailSettings(rules.host, rules.port, rules.sender, rules.tls, rules.login, authority)
    return settings, _load_password(rules) if rules.login else ""


def _load_password(rules: MailRules) -> str:
    found = (
        _in_keyring(rules) if rules.password_file is None else read_password(rules.password_file)
    )
    if not found:
        raise DeliveryError("mail.no_password", rules.password_file or rules.login)
    return found


def read_password(path: str) -> str:
    """Return the first line of a file. Raises ``DeliveryError``: it cannot be read."""
    try:
        return (Path(path).read_text(encoding="utf-8").splitlines() or [""])[0]
    except (OSError, UnicodeDecodeError) as error:
        raise DeliveryError("mail.no_password", f"{path}: {error}") from error


def _in_keyring(rules: MailRules) -> str:
    import keyring  # starts slowly, and most desks never need it
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, f"{rules.login}@{rules.host}") or ""
    except KeyringError as error:
        raise DeliveryError("mail.no_password", str(error)) from error


def keep_password(rules: MailRules, password: str) -> None:
    """Put the password into the system's keyring.

    Raises:
        DeliveryError: there is none that keeps it.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, f"{rules.login}@{rules.host}", password)
    except KeyringError as error:
        raise DeliveryError("mail.no_keyring", str(error)) from error
    if _in_keyring(rules) != password:
        raise DeliveryError("mail.no_keyring")


def try_out(profile: Profile, address: str) -> None:
    """Send a letter to see whether the mail server takes one.

    Raises:
        DeliveryError: it was not taken, and why.
    """
    if not is_address(address):
        raise DeliveryError("schedule.address")
    settings, password = load_settings(profile)
    letter = Letter(
        key=str(new_id()),
        recipients=(address,),
        subject="TrafficDesk: reports can come by mail",
        text="This letter was sent to see whether reports can be sent from this desk.\n",
        file="letter.html",
        content=b"<!doctype html><title>TrafficDesk</title>Reports can come by mail.",
        written_at=utc_now(),
    )
    send(settings, password, letter, address)
