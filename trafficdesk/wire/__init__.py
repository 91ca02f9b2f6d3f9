"""Messages that the desk and the server both speak."""
