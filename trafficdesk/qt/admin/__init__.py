"""Administration: my account, officers, keys, look, locking, base maps, audit and this desk."""
