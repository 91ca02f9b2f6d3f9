"""What the API tells of figures: named numbers with the period they are of."""

from uuid import UUID

import msgspec


class ToldKpi(msgspec.Struct, frozen=True, kw_only=True):
    """A KPI: its value and how many things it is told from, then and in the period before.

    ``spark`` runs over the parts of the period that are over; it is empty where those have no
    figures.
    """

    id: str
    unit: str
    direction: str
    value: float | None
    n: int
    before: float | None = None
    n_before: int = 0
    spark: list[float | None] = []


class ToldPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """The first and the last day, as dates of the city's standard time."""

    first: str
    last: str


class ToldCompared(msgspec.Struct, frozen=True, kw_only=True):
    """What a period is compared with: the one before, or the same part of it while it runs.

    ``until_ms`` is when counting ends within the last day, in epoch milliseconds; null where all
    of that day counts.
    """

    first: str
    last: str
    until_ms: int | None = None


class ToldOverview(msgspec.Struct, frozen=True, kw_only=True):
    """The KPIs of a scope, beside the period before."""

    city_id: UUID
    period: ToldPeriod
    before: ToldCompared
    kpis: list[ToldKpi]
    as_of_ms: int


class ToldRow(msgspec.Struct, frozen=True, kw_only=True):
    """A station, ward or officer with its KPIs."""

    id: UUID
    name: str
    kpis: list[ToldKpi]


class ToldTable(msgspec.Struct, frozen=True, kw_only=True):
    """Every station, ward or officer side by side, by name, and the city beside them."""

    city_id: UUID
    period: ToldPeriod
    rows: list[ToldRow]
    city: list[ToldKpi]
    as_of_ms: int


class ToldMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A month such as 2026-11; ``is_whole`` says that all of its days are counted, and over."""

    month: str
    n: int
    is_whole: bool = True


class ToldSlice(msgspec.Struct, frozen=True, kw_only=True):
    """How many are of one kind."""

    key: str
    n: int
    name: str = ""


class ToldTrends(msgspec.Struct, frozen=True, kw_only=True):
    """How a scope's reports run; the week's hours begin with Monday's. Weather is of incidents."""

    city_id: UUID
    period: ToldPeriod
    by_month: list[ToldMonth]
    hour_by_weekday: list[list[int]]
    by_type: list[ToldSlice]
    by_severity: list[ToldSlice]
    by_ward: list[ToldSlice]
    by_weather: list[ToldSlice]
    as_of_ms: int


class ToldCell(msgspec.Struct, frozen=True, kw_only=True):
    """The middle of a cell in degrees and how many reports occurred in it."""

    lon: float
    lat: float
    n: int


class ToldHeat(msgspec.Struct, frozen=True, kw_only=True):
    """Cells with reports, the fullest first, each ``degrees`` wide and high."""

    city_id: UUID
    period: ToldPeriod
    degrees: float
    cells: list[ToldCell]
    as_of_ms: int


class ToldLocation(msgspec.Struct, frozen=True, kw_only=True):
    """A disc of 500 m: how many, their severity added up, and how many in the period before."""

    rank: int
    lon: float
    lat: float
    n: int
    weight: int
    before: int
    p_value: float | None
    is_significant: bool


class ToldLocations(msgspec.Struct, frozen=True, kw_only=True):
    """Discs that do not overlap, the gravest first."""

    city_id: UUID
    period: ToldPeriod
    before: ToldCompared
    radius_m: float
    locations: list[ToldLocation]
    as_of_ms: int


class ToldAhead(msgspec.Struct, frozen=True, kw_only=True):
    """What is expected of a month, beside the plain count; four of five lie from low to high."""

    month: str
    expected: float
    plain: float
    low: float | None
    high: float | None


class ToldScore(msgspec.Struct, frozen=True, kw_only=True):
    """What a method was worth so far: its error (WAPE), and how often its range held."""

    method: str
    wape: float | None
    cover: float | None


class ToldForecast(msgspec.Struct, frozen=True, kw_only=True):
    """Months so far and to come; ``is_model`` is false where nothing beats the plain count."""

    city_id: UUID
    months: list[ToldMonth]
    ahead: list[ToldAhead]
    method: str
    is_model: bool
    model: ToldScore | None
    plain: ToldScore | None
    as_of_ms: int


class ToldArea(msgspec.Struct, frozen=True, kw_only=True):
    """What the squares named first were worth, up to a share of all that had anything before.

    ``hit_rate``: the share of reports in them; ``pai``: that over their share of the area;
    ``pei_star``: their reports over the most that as many squares could have had.
    """

    share: float
    hit_rate: float
    pai: float
    pei_star: float


class ToldPlaceScore(msgspec.Struct, frozen=True, kw_only=True):
    """How one way of naming squares did on weeks or months it had not seen.

    ``top_precision``: which share of the tenth it named highest was of the highest tenth;
    ``cover``: how often its range held.
    """

    method: str
    areas: list[ToldArea]
    top_precision: float
    wape: float
    cover: float | None


class ToldPlaceTest(msgspec.Struct, frozen=True, kw_only=True):
    """A model beside the plain count; ``is_better`` is false where its lead may be luck."""

    folds: int
    squares: int
    is_better: bool
    p_value: float
    model: ToldPlaceScore
    plain: ToldPlaceScore


class ToldSquare(msgspec.Struct, frozen=True, kw_only=True):
    """The middle of a square of 500 m and what is expected there; four of five lie in the range."""

    rank: int
    lon: float
    lat: float
    expected: float
    low: int | None
    high: int | None


class ToldSquares(msgspec.Struct, frozen=True, kw_only=True):
    """The squares of the week or month from ``first`` on, the one with most expected first.

    ``is_model`` is false where nothing beats the plain count; ``backtest`` is null where there is
    too little past to try it on.
    """

    city_id: UUID
    unit: str
    first: str
    squares: list[ToldSquare]
    method: str
    is_model: bool
    backtest: ToldPlaceTest | None
    as_of_ms: int


class ToldReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a monthly report is made of."""

    overview: ToldOverview
    trends: ToldTrends
    stations: ToldTable
    locations: ToldLocations
