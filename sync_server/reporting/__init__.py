"""Reports made on the server, of the same templates as the desks'."""
