"""Units: which there are, what they do, and where they are."""
