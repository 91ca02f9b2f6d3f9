"""The channels of NOTIFY: what one server process tells the others, at the commit."""

from typing import Final

FEED: Final = "feed"  # CITY:SEQ, a city's feed has grown to this number
ACCESS: Final = "access"  # the id of a session, device or user whose access has changed
POSITIONS: Final = "positions"  # the id of a city some of whose units have moved
