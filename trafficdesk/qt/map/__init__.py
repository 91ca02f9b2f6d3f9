"""The map workspace: an embedded page that never leaves this machine, and what stands around it."""
