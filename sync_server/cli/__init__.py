"""The command line: `sync-server`."""
