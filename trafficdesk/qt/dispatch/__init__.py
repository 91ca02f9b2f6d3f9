"""The dispatch workspace: incidents, units and the map between them."""
