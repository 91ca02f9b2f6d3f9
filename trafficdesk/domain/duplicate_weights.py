"""What each fact says of two reports being one event, in log-odds; made by training.

``resources/duplicates/CARD.md`` says from what, how well it does, how it is made again.
"""

from collections.abc import Mapping
from typing import Final

BASE: Final = 3.32
CURVES: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {
    "distance": ((0, 0.0), (1, -0.89), (2.5, -1.45), (4.5, -1.38), (9, -4.77)),
    "gap": ((0, 0.0), (1, -0.89), (2, -1.73), (4, -2.76)),
    "plate": ((0, 5.34), (1, 5.31), (2, 4.6), (3, 1.3), (4, -3.43), (6, -8.04)),
    "violation": ((0, -0.81), (1, 0.81)),
    "landmark": ((0, -3.28), (1, 2.55)),
    "picture": ((0, 5.0), (4, 5.0), (8, 2.5), (12, 0.0)),
}
