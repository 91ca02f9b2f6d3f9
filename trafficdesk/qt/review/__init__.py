"""Reviewing reports: the queue, one report in full, and the decisions on it."""
