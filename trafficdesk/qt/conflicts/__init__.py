"""Where people settle what two desks made of one record."""
