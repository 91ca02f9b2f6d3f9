"""Ways by road: the routing tiles of a pack, and the program of its own that reads them."""
