"""Set-up, packaging and what station IT runs; not part of the installed program."""
