"""What a user can intend: one function, one transaction."""
