"""Photos and videos: taken in pieces, kept sealed under their SHA-256, given to who sees them."""
