"""What is written of the duplicates model: its numbers as Python, its card for people."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from tests.training.judging import Judged
from trafficdesk.domain.duplicates import Curve, Model


class FileFacts(NamedTuple):
    """What a model was made from: a file, and which of its pairs are ever compared."""

    file: str
    sha256: str
    reports: int
    events: int
    truth: int
    missed: int
    reached: float


COMMAND: Final = "python -m tests.training.duplicates"
_UNITS: Final = {
    "distance": "standard deviations",
    "gap": "minutes",
    "plate": "characters wrong",
    "violation": "a type in common: 1, none: 0",
    "landmark": "share of its words in common",
    "picture": "bits of 64",
}
_CARD: Final = """\
# The duplicates model

Says how likely two reports tell of one event, and why. It only ever suggests; an officer decides,
and can take it back. In `trafficdesk/domain`, `duplicates.py` compares two reports and adds up what
speaks for and against, `plate_readings.py` and `landmarks.py` read what is compared,
`same_event.py` decides for groups, and `duplicate_weights.py` holds all numbers; desk and server
use the same. The numbers and this page are written by

    {command} FILE

which gives the same bytes for the same file. `{command} FILE --judge`
judges the committed numbers on any other file of the same columns (event_id, reported_at_s,
longitude, latitude, violation_type, plate, text, and accuracy_m if it is known).

## How it decides

Compared is what lies within 250 m and 15 minutes. Every fact adds log-odds, read off a curve with
straight pieces; what is not known (no plate read, no landmark named, no photo) adds nothing:

| Fact | Unit | Log-odds at |
|---|---|---|
| all | | {base:+.2f} |
{curves}

- **Distance** counts in its own standard deviation: a report that states no accuracy is taken for
  20 m, one below 5 m for 5 m.
- **A plate** is compared by weighted edit distance: twins (0/O, 1/I, 2/Z, 5/S, 6/G, 8/B) cost 0.3
  of a character, less alike ones 0.6. Plates told in the text count like the field; of several
  readings the nearest two. Fewer than six characters are no reading.
- **A landmark** is what follows "near", "opposite" and the like in the text. That the rest of two
  texts is alike says nothing that the type of violation does not say, and is not used.
- **"Other"** is no type: it neither agrees nor differs.
- **A photo's** difference hash can only speak for: two people's photos of one event differ as
  much as any. It can't be learned from this set. Its curve was set by hand after looking at 120
  drawn photos: packed anew, made smaller or darker they differed in 4 bits at most, cropped by up
  to 5 % in 17, 7,140 pairs of different ones in 5 at least and in 8 or less once in a thousand.
- **Groups**: reports are put together by the mean log-odds of all pairs between two groups
  (average linkage), as long as that is not below even odds. A report in doubt goes with its
  group, and one report that looks alike by chance does not pull a whole group along. What an
  officer has already marked stays together.

## Data

`{file}` (SHA-256 `{sha256}`): {reports:,} reports of {events:,} events, {truth:,} pairs of one
event. Synthetic: noise of made-up citizens (place, plate, type, text) on real places and hours of
accidents, with other events at the same spot on purpose. Four of five pairs that are compared are
of one event; where a city's reports repeat each other less, a score of one half is too hopeful.
The places of the points on the curves were chosen with this file in view.

## How good it is

Five parts by event, and whole neighbourhoods together, so that no pair lies on both sides; each
part is judged by a model that has not seen it. In brackets 95 % by bootstrap over neighbourhoods
of events. Recall is of **all** true pairs: {missed} of them are farther apart than 250 m or 15
minutes and are never compared (candidates hold {reached:.1%}).

| Way | Precision | Recall | F1 |
|---|---|---|---|
{judged}

The desk and the server tell five candidates of one report at most, the likeliest first, each with
its group's score and none below 0.05: the last line. The final numbers are fitted to all parts.
"""


def as_python(model: Model) -> str:
    """Return the model's numbers as the module that the product reads."""
    lines = [
        '"""What each fact says of two reports being one event, in log-odds; made by training.',
        "",
        "``resources/duplicates/CARD.md`` says from what, how well it does, how it is made again.",
        '"""',
        "",
        "from collections.abc import Mapping",
        "from typing import Final",
        "",
        f"BASE: Final = {model.base}",
        "CURVES: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {",
        *(
            f'    "{name}": ({", ".join(f"({x}, {y})" for x, y in curve)}),'
            for name, curve in model.curves.items()
        ),
        "}",
    ]
    return "\n".join(lines) + "\n"


def curve_rows(model: Model) -> str:
    """Return the model's curves as rows of the card's table."""
    return "\n".join(
        f"| {name} | {_UNITS[name]} | {_points(curve)} |" for name, curve in model.curves.items()
    )


def _points(curve: Curve) -> str:
    return ", ".join(f"{x:g}: {y:+.2f}" for x, y in curve)


def as_card(model: Model, facts: FileFacts, judged: Mapping[str, Judged]) -> str:
    """Return the model's card; ``facts`` are those of the file it is made from."""
    rows = (
        f"| {name} | {each.precision} | {each.recall} | {each.f1} |"
        for name, each in judged.items()
    )
    return _CARD.format(
        command=COMMAND,
        base=model.base,
        curves=curve_rows(model),
        judged="\n".join(rows),
        **facts._asdict(),
    )
