"""Reports and wards from files of others: read by a mapping, checked whole, written at once."""
