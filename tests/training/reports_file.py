"""Reports of known events, read from a file: each with what the product would compare of it."""

import csv
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from trafficdesk.domain.duplicates import (
    SAME_EVENT_GAP_MS,
    SAME_EVENT_RADIUS_M,
    Sighting,
    Told,
    look_at,
)
from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.records import Place

_MS: Final = 1000


class Labelled(NamedTuple):
    """A report and the event it tells of."""

    event: str
    sighting: Sighting


def load_reports(path: Path, most: int | None = None) -> list[Labelled]:
    """Return the reports of a CSV file (``.gz`` or plain) by their times, the first ``most``."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = csv.DictReader(text.decode("utf-8").splitlines())
    in_order = sorted(rows, key=lambda row: float(row["reported_at_s"]))
    return [_labelled(row) for row in in_order[:most]]


def _labelled(row: dict[str, str]) -> Labelled:
    told = Told(
        place=Place(float(row["longitude"]), float(row["latitude"])),
        accuracy_m=float(row["accuracy_m"]) if row.get("accuracy_m") else None,
        at_ms=round(float(row["reported_at_s"]) * _MS),
        violations=(f"type {row['violation_type']}",),
        plate=row["plate"],
        text=row["text"],
    )
    return Labelled(row["event_id"], look_at(told))


def find_pairs(reports: Sequence[Labelled]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that the product compares: near in place and time, the earlier one first."""
    first = 0
    for late, report in enumerate(reports):
        at = report.sighting
        while reports[first].sighting.at_ms < at.at_ms - SAME_EVENT_GAP_MS:
            first += 1
        for early in range(first, late):
            if distance_m(reports[early].sighting.place, at.place) <= SAME_EVENT_RADIUS_M:
                yield early, late


def find_truth(reports: Sequence[Labelled]) -> list[tuple[int, int]]:
    """Return every pair of one event, however far apart."""
    members = dict[str, list[int]]()
    for index, report in enumerate(reports):
        members.setdefault(report.event, []).append(index)
    return [(a, b) for group in members.values() for a in group for b in group if a < b]


def find_neighbourhoods(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each of ``count`` reports the smallest one it hangs together with by pairs.

    Whole neighbourhoods are held out, so that no pair has one report on either side of a split.
    """
    root = list(range(count))
    for a, b in pairs:
        one, other = sorted((_find(root, a), _find(root, b)))
        root[other] = one
    return [_find(root, each) for each in range(count)]


def _find(root: list[int], each: int) -> int:
    while root[each] != each:
        root[each] = root[root[each]]
        each = root[each]
    return each
