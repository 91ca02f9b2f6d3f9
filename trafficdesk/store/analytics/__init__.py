"""What is counted of reports, decisions, citations and incidents, by day and by whom."""
