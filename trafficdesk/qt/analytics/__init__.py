"""The analytics workspace: figures, charts and tables, each with the reports behind it."""
