"""A desk that rides in a car: which unit it is, where it is, and one key to call for help."""
