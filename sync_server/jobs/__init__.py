"""The operator's own work on the whole database: backups, restores, room on the disk."""
