"""The central PostGIS database: connections, migrations, and the ledger with its feed."""
