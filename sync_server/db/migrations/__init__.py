"""Alembic's home: the steps from one released schema to the next."""
