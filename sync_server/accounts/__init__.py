"""People, their sessions, and the devices they work on."""
