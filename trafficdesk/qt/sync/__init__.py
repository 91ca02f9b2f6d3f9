"""The sync as an officer sees it: what it is doing, what needs them, signing in to the server."""
