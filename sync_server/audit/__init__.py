"""The server's hash-chained audit."""
