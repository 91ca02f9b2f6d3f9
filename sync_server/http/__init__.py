"""What every route shares: bodies, answers, problems, limits and what is seen of requests."""
