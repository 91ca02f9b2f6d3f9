"""A revoked desk leaves: its unsettled work goes to station IT, and only then its keys go."""

import base64
import binascii
from pathlib import Path

from trafficdesk.profile import Profile
from trafficdesk.security.device import Device
from trafficdesk.security.durable_file import sync_folder, write_durably
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.shredding import shred
from trafficdesk.store import bundled
from trafficdesk.store.engine import Store
from trafficdesk.sync import link
from trafficdesk.sync.bundling import make_legacy
from trafficdesk.wire.bundles import BundleError, BundleFault


def export_for_it(profile: Profile, store: Store, device: Device, now_ms: int) -> list[Path]:
    """Write all that is not settled into ``for-it/``, sealed to station IT; return the files.

    They are on the disk for good when this returns. Nothing is written if all is settled.

    Raises:
        BundleError: there is unsettled work, and the server named no key of station IT's.
        OSError: the files could not be written.
    """
    with store.reading() as connection:
        if not bundled.find_unsettled(connection, 0, 1):
            return []
        it_public_key = _key(link.get_marks(connection).it_public_key)
    try:
        made = make_legacy(store, device, it_public_key, now_ms)
    except ValueError as error:
        raise BundleError(BundleFault.NO_IT_KEY) from error
    written = list[Path]()
    for bundle in made:
        path = profile.for_it / f"{device.device_id}-{now_ms}-{bundle.number}.tdbundle"
        write_durably(path, bundle.content)
        written.append(path)
    sync_folder(profile.folder)
    return written


def hand_over(
    profile: Profile, store: Store, device: Device, key: SecretKey, now_ms: int
) -> list[Path]:
    """Write what is not settled for station IT, then destroy every key; return the files.

    Killed in between, it can be done again: work is lost at no instant.

    Raises:
        BundleError, OSError: see ``export_for_it``; the keys were left as they are.
    """
    written = export_for_it(profile, store, device, now_ms)
    shred(profile, key)
    return written


def _key(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BundleError(BundleFault.NO_IT_KEY) from error
