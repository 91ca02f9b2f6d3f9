"""What counts say: pure, so that desk and server say the same."""
