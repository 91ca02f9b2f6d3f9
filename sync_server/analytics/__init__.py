"""Figures of a city: the same definitions as on the desk, over the server's own rows."""
