"""Base-map packs, tiles, place search and exported maps, without Qt."""
