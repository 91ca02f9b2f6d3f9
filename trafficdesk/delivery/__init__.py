"""Bringing a file to a folder or by mail; knows nothing of desks and servers."""
