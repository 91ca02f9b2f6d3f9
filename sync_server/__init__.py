"""The companion of the desks: central store and reconciliation."""
