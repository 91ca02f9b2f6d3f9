"""Small painted widgets that every workspace is built of."""
