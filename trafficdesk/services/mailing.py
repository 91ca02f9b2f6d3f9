"""The mail server that this desk's reports go by: IT's, or the one that the profile names."""

from pathlib import Path
from typing import Final

import msgspec

from trafficdesk.delivery.errors import DeliveryError
from trafficdesk.delivery.mail_settings import MailSettings
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
    found = _in_keyring(rules) if rules.password_file is None else _in_file(rules.password_file)
    if not found:
        raise DeliveryError("mail.no_password", rules.password_file or rules.login)
    return found


def _in_file(path: str) -> str:
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


def keep_password(rules: MailRules, password: str) -> bool:
    """Put the password into the system's keyring; False where there is none to keep it."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, f"{rules.login}@{rules.host}", password)
    except KeyringError:
        return False
    return _in_keyring(rules) == password
