"""What every test shares: SQLCipher is loaded before anything can bring another SQLite."""

import trafficdesk.store.driver  # noqa: F401 - must be the process's first SQLite
