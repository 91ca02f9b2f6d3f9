"""Keys, unlocking, locking, the audit chain and the encryption of fields and files."""
