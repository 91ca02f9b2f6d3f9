"""Before the desk is open: who is there, their password, help with it, and first set-up."""
