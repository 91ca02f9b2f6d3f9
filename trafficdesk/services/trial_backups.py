"""Before a version that is new to a profile changes the store: keeping it as it was."""

import errno

from trafficdesk.profile import Profile
from trafficdesk.security.keys import SecretKey
from trafficdesk.store import copying
from trafficdesk.store.errors import StoreFullError, StoreNotWritableError
from trafficdesk.updates.trying import find_running_trial

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def keep_before_upgrade(profile: Profile, key: SecretKey) -> bool:
    """Tell whether the program is on trial here; keep a store that it would bring to a new schema.

    Raises:
        StoreError: the store does not open, or there is no room for the copy; nothing is changed.
    """
    trial = find_running_trial(profile.folder)
    if trial is None or not trial.is_on:
        return False
    database = profile.database
    if database.exists() and copying.settle_behind(database, key.hex()):
        try:
            trial.keep_store()
        except OSError as error:
            full = error.errno in _NO_ROOM
            kind = StoreFullError if full else StoreNotWritableError
            raise kind(database, error.strerror or str(error)) from error
    return True


def work_in_store(profile: Profile) -> None:
    """Note that somebody works in the store from now on, so that it is never put back over.

    Raises ``OSError``.
    """
    trial = find_running_trial(profile.folder)
    if trial is not None and trial.is_on:
        trial.work()
