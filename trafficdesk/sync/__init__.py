"""The desk's side of the sync: sending what was done here, taking in what was done elsewhere."""
