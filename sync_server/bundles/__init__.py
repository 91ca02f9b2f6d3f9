"""Bundles of desks that cannot reach the server: taken in, and answered."""
