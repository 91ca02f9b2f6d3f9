"""The bill of materials, as CycloneDX JSON: the same parts give the same bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from installers.source import source_version


@dataclass(frozen=True, slots=True)
class Part:
    """Something that others wrote: its kind is that of its package URL (pypi, npm, deb)."""

    kind: str
    name: str
    version: str
    licence: str = ""
    source: str = ""  # of a Debian package, under which its faults are published


def write_sbom(file: Path, parts: Iterable[Part], made_at: int) -> None:
    """Write the bill of materials; the time is in seconds of the epoch."""
    version = str(source_version())
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, f"trafficdesk:{version}:{made_at}"))
    bom.metadata.timestamp = datetime.fromtimestamp(made_at, UTC)
    bom.metadata.component = Component(
        name="trafficdesk", version=version, type=ComponentType.APPLICATION, bom_ref="trafficdesk"
    )
    for part in parts:
        bom.components.add(_component(part))
    bom.register_dependency(bom.metadata.component, bom.components)
    file.write_text(JsonV1Dot6(bom).output_as_string(indent=2) + "\n", encoding="utf-8")


def _component(part: Part) -> Component:
    namespace, _, name = part.name.rpartition("/")
    url = PackageURL(
        part.kind,
        "debian" if part.kind == "deb" else namespace or None,
        name,
        part.version,
        {"upstream": part.source} if part.source and part.source != part.name else None,
    )
    licences = [LicenseFactory().make_from_string(part.licence)] if part.licence else []
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.LIBRARY,
        purl=url,
        bom_ref=url.to_string(),
        licenses=licences,
    )
