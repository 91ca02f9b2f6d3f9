"""The sync: what desks send is weighed and written, what happened is read, page by page."""
