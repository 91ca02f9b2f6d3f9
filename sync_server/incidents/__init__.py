"""Incidents over the API: taken in, told, verified, removed."""
