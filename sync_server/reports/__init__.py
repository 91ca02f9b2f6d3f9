"""Reports as the API tells of them."""
