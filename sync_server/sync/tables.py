"""Where each kind of record lies in the database, column by column as ``wire.fields`` names it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.fields import FIELDS, Kind

_PG_TYPES: Final[Mapping[Kind, str]] = {
    Kind.ID: "uuid",
    Kind.TEXT: "text",
    Kind.INT: "bigint",
    Kind.FLOAT: "double precision",
    Kind.BOOL: "boolean",
    Kind.LIST: "jsonb",
    Kind.OBJECT: "jsonb",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of record's table; ``city`` is the column that says whose it is."""

    entity: Entity
    name: str
    city: str = "city_id"

    def row(self, alias: str) -> str:
        """Return SQL of a record's JSON row: its fields, without id and version."""
        columns = ", ".join(f"{alias}.{field}" for field in FIELDS[self.entity])
        return f"(SELECT row_to_json(f) FROM (SELECT {columns}) f)"

    def record(self, alias: str) -> str:
        """Return SQL of a record as it travels (``wire.exchange.Record``)."""
        return (
            f"json_build_object('entity', '{self.entity}', 'id', {alias}.id, "
            f"'version', {alias}.version, 'row', {self.row(alias)})"
        )

    def columns(self, fields: Collection[str]) -> str:
        """Return the definition of columns read from JSON, such as ``plate text, lon float8``."""
        return ", ".join(f"{name} {_PG_TYPES[FIELDS[self.entity][name]]}" for name in fields)


TABLES: Final[Mapping[Entity, Table]] = {
    table.entity: table
    for table in (
        Table(Entity.CITY, "cities", city="id"),
        Table(Entity.STATION, "stations"),
        Table(Entity.WARD, "wards"),
        Table(Entity.VIOLATION_TYPE, "violation_types"),
        Table(Entity.OFFICER, "users"),
        Table(Entity.CITIZEN, "citizens"),
        Table(Entity.GEOFENCE, "geofences"),
        Table(Entity.REPORT, "reports"),
        Table(Entity.CITATION, "citations"),
        Table(Entity.UNIT, "units"),
        Table(Entity.INCIDENT, "incidents"),
        Table(Entity.ASSIGNMENT, "assignments"),
        Table(Entity.CONFLICT, "conflicts"),
    )
}
