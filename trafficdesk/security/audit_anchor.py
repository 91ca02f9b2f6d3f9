"""The chain's head, sealed beside the database: a chain cut short or rolled back is noticed."""

from typing import Annotated, Final

import msgspec

from trafficdesk.profile import Profile
from trafficdesk.security.audit import AuditHead
from trafficdesk.security.durable_file import write_durably
from trafficdesk.security.errors import AnchorDamaged, AuditRolledBack, SealBroken
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.sealing import open_sealed, seal

_CONTEXT: Final = b"audit anchor"
_INFO: Final = "audit anchor"


class _Anchor(msgspec.Struct, forbid_unknown_fields=True):
    seq: Annotated[int, msgspec.Meta(ge=0)]
    hash: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]


def load_anchor(profile: Profile, key: SecretKey) -> AuditHead | None:
    """Return the head kept last, ``None`` if none ever was.

    Raises ``AnchorDamaged`` or ``OSError``.
    """
    path = profile.audit_anchor
    try:
        sealed = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        plain = open_sealed(key.derive(_INFO), sealed, _CONTEXT)
        anchor = msgspec.json.decode(plain, type=_Anchor)
    except (SealBroken, msgspec.MsgspecError) as error:
        raise AnchorDamaged(path) from error
    return AuditHead(anchor.seq, anchor.hash)


def save_anchor(profile: Profile, key: SecretKey, head: AuditHead) -> None:
    """Keep the head, at every lock of the desk and from time to time.

    Raises ``AuditRolledBack`` instead of ever stepping back, ``AnchorDamaged`` or ``OSError``.
    """
    known = load_anchor(profile, key)
    if known and (head.seq < known.seq or (head.seq == known.seq and head.hash != known.hash)):
        raise AuditRolledBack(profile.audit_anchor, known_seq=known.seq, found_seq=head.seq)
    reseal_anchor(profile, key, head)


def reseal_anchor(profile: Profile, key: SecretKey, head: AuditHead) -> None:
    """Write an anchor without looking at the old one: under a new key, or after a restore."""
    plain = msgspec.json.encode(_Anchor(head.seq, head.hash))
    write_durably(profile.audit_anchor, seal(key.derive(_INFO), plain, _CONTEXT))
