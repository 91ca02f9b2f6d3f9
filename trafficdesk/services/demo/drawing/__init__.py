"""Street scenes drawn with Pillow: the pictures of the demo's reports."""
