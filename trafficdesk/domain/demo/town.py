"""Where the invented Coimbatore lies, and whose it is."""

from typing import Final
from zoneinfo import ZoneInfo

from trafficdesk.domain.records import Bounds, Place

AGENCY: Final = "Coimbatore City Traffic Police (demo)"
CITY_CODE, CITY_NAME, TIME_ZONE = "CBE", "Coimbatore", "Asia/Kolkata"
ZONE = ZoneInfo(TIME_ZONE)
CENTRE = Place(76.9716, 11.0108)
BOUNDS = Bounds(76.86, 10.89, 77.12, 11.14)
