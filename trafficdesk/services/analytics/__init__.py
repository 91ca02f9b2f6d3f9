"""What an inspector asks of the counts; one function is one question."""
