"""The names of the map's tools, as its page knows them."""

from typing import Final

MEASURE: Final = "measure"
DRAW: Final = "draw"
