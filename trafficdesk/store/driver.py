"""The one SQLite library of the process: SQLCipher, loaded so that SpatiaLite shares its symbols.

Whatever loads the system's libsqlite3 before this module makes SQLCipher write files in the clear
without an error; ``trafficdesk.store.engine`` therefore asserts ``cipher_version`` on every
connection and looks at the file's first bytes.
"""

import os
import sys

_flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
if _flags is not None:
    # mod_spatialite resolves some sqlite3_* symbols from the process, not from its API pointer.
    sys.setdlopenflags(os.RTLD_NOW | os.RTLD_GLOBAL)
try:
    from sqlcipher3 import dbapi2
finally:
    if _flags is not None:
        sys.setdlopenflags(_flags)

# Before it binds nothing or bytes, the driver looks in vain for who would adapt them, at several
# times the cost: these leave them as they are.
dbapi2.register_adapter(type(None), {}.get)
dbapi2.register_adapter(bytes, bytes)

__all__ = ["dbapi2"]
