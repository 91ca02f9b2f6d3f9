"""The light of an hour: colours of the sky, tint of all things, and whether lamps burn."""

from dataclasses import dataclass

from trafficdesk.services.demo.drawing.canvas import Rgb, mixed

HOURS_A_DAY = 24.0


@dataclass(frozen=True, slots=True)
class Daylight:
    """Sky colours from the top to the horizon, the tint of things (1 = full), lamps from 0 to 1."""

    top: Rgb
    middle: Rgb
    horizon: Rgb
    ambient: tuple[float, float, float]
    lamps: float


_KEYS: tuple[tuple[float, Daylight], ...] = (
    (0.0, Daylight((10, 14, 32), (22, 26, 50), (48, 46, 66), (0.52, 0.52, 0.64), 1.0)),
    (4.8, Daylight((14, 20, 42), (34, 38, 68), (84, 72, 88), (0.54, 0.54, 0.65), 1.0)),
    (6.0, Daylight((88, 112, 156), (190, 170, 160), (248, 190, 140), (0.82, 0.78, 0.78), 0.45)),
    (7.5, Daylight((122, 160, 202), (190, 202, 210), (244, 226, 196), (0.98, 0.94, 0.88), 0.0)),
    (11.0, Daylight((92, 152, 212), (156, 192, 224), (220, 230, 234), (1.0, 1.0, 0.99), 0.0)),
    (15.0, Daylight((112, 158, 204), (172, 194, 212), (232, 226, 208), (1.0, 0.98, 0.93), 0.0)),
    (17.0, Daylight((122, 140, 160), (190, 184, 170), (246, 220, 168), (0.96, 0.90, 0.80), 0.25)),
    (17.8, Daylight((98, 106, 124), (182, 160, 134), (250, 208, 146), (0.86, 0.78, 0.70), 0.55)),
    (18.5, Daylight((56, 58, 92), (128, 96, 110), (228, 142, 104), (0.68, 0.61, 0.62), 0.9)),
    (19.3, Daylight((18, 22, 46), (40, 40, 68), (92, 72, 88), (0.56, 0.54, 0.62), 1.0)),
    (24.0, Daylight((10, 14, 32), (22, 26, 50), (48, 46, 66), (0.52, 0.52, 0.64), 1.0)),
)


def daylight(hour: float) -> Daylight:
    """Return the light at a local hour (0 to 24), between the two keys around it."""
    hour %= HOURS_A_DAY
    later = next(i for i, (key, _) in enumerate(_KEYS) if key > hour)
    (start, a), (end, b) = _KEYS[later - 1], _KEYS[later]
    share = (hour - start) / (end - start)
    red, green, blue = (
        one + (other - one) * share for one, other in zip(a.ambient, b.ambient, strict=True)
    )
    return Daylight(
        top=mixed(a.top, b.top, share),
        middle=mixed(a.middle, b.middle, share),
        horizon=mixed(a.horizon, b.horizon, share),
        ambient=(red, green, blue),
        lamps=a.lamps + (b.lamps - a.lamps) * share,
    )
