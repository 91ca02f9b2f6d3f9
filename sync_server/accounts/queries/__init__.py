"""The tables of accounts: users, sessions, devices and their one-time tokens."""
