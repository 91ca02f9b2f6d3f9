"""Reports for people: what templates there are, what stands in each, and how figures are shown."""
