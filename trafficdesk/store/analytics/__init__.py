"""What is counted for analytics."""
