"""``trafficdesk import``: reports or wards from a file, by a mapping."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson, OfficerOption, PasswordFile
from trafficdesk.cli.sentences import sentence
from trafficdesk.cli.signing_in import Credentials, signed_in
from trafficdesk.cli.stopping import Stopping
from trafficdesk.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping as Counts
    from collections.abc import Sequence

    from trafficdesk.domain.records import NewReport
    from trafficdesk.services.importing.faults import ImportRefused, RowError, RowWarning
    from trafficdesk.services.importing.files import Imported
    from trafficdesk.services.importing.mapping import Mapping
    from trafficdesk.services.session import Session


def import_file(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV or GeoJSON, plain or gzipped (.gz).")
    ],
    mapping: Annotated[
        str,
        typer.Option(
            "--mapping",
            metavar="MAP.toml",
            help="How its columns become fields; a file, or the name of a shipped example.",
        ),
    ],
    preview: Annotated[
        bool, typer.Option("--preview", help="Only show what would be imported.")
    ] = False,
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Import reports or wards from FILE: every row, or none if one is wrong."""
    with answering(as_json) as answer:
        rules = _mapping(mapping)
        with signed_in(Credentials(officer, password_file)) as session:
            if preview and rules.kind == "reports":
                _preview(session, file, rules, answer)
            else:
                _import(session, file, rules, answer)


def _mapping(name: str) -> "Mapping":
    from trafficdesk.services.importing.faults import RefusedError as NotRead
    from trafficdesk.services.importing.mapping import load_mapping

    path = Path(name)
    example = shipped("mappings", f"{name.removesuffix('.toml')}.toml")
    try:
        return load_mapping(example if not path.exists() and example.exists() else path)
    except NotRead as error:
        raise _refusal(error.refused) from error


def _refusal(refused: "ImportRefused") -> RefusedError:
    cancelled = refused.fault.endswith("cancelled")
    error = RefusedError(
        refused.fault,
        Exit.CANCELLED if cancelled else Exit.REFUSED,
        path=refused.path,
        detail=refused.detail,
        count=refused.error_count,
    )
    if refused.errors:
        error.facts = {
            "errors": [asdict(row) for row in refused.errors],
            "error_count": refused.error_count,
        }
    return error


def _preview(session: "Session", file: Path, rules: "Mapping", answer: Answer) -> None:
    from trafficdesk.services.importing.files import Preview
    from trafficdesk.services.importing.files import preview as look

    found = look(session, file, rules)
    if not isinstance(found, Preview):
        raise _refusal(found)
    answer.tell(
        rows=found.rows,
        encoding=found.encoding,
        columns=found.columns,
        first=[{"line": line, **_shown(report)} for line, report in found.reports],
        errors=[asdict(row) for row in found.errors],
        error_count=found.error_count,
        warnings=found.warnings,
    )
    for line, report in found.reports:
        shown = "  ".join(f"{name} {value}" for name, value in _shown(report).items() if value)
        answer.say(f"{line:>7}  {shown}")
    answer.say(f"{found.rows} rows, {found.error_count} of them wrong, read as {found.encoding}.")
    _say_warnings(answer, found.warnings)
    _say_errors(answer, found.errors, found.error_count)
    if found.error_count:
        answer.leave = Exit.UNSOUND


def _shown(report: "NewReport") -> dict[str, object]:
    return {
        "occurred_at": report.occurred_at.isoformat(),
        "place": f"{report.place.lon:.6f}, {report.place.lat:.6f}",
        "violations": ", ".join(report.violations),
        "severity": report.severity.name.lower(),
        "vehicle_type": str(report.vehicle_type),
        "plate": report.plate,
        "address": report.address,
        "area": report.area,
        "description": report.description,
    }


def _import(session: "Session", file: Path, rules: "Mapping", answer: Answer) -> None:
    from trafficdesk.services.importing.files import Imported, Watch, import_reports
    from trafficdesk.services.importing.wards import import_wards

    with Stopping() as stopping:
        if rules.kind == "wards":
            done = import_wards(session, file, rules)
        else:
            watch = Watch(answer.step, stopping.is_wanted)
            done = import_reports(session, file, rules, watch)
    if not isinstance(done, Imported):
        _say_errors(answer, done.errors, done.error_count)
        raise _refusal(done)
    _say_done(answer, done, rules.kind)


def _say_done(answer: Answer, done: "Imported", kind: str) -> None:
    answer.tell(
        rows=done.rows, seconds=round(done.seconds, 3), warnings=done.warnings, number=done.batch
    )
    per_second = done.rows / done.seconds if done.seconds else 0
    answer.say(f"Imported {done.rows} {kind} in {done.seconds:.1f} s ({per_second:.0f} a second).")
    if done.batch:
        answer.say(f"Take them back with: trafficdesk imports --undo {done.batch}")
    _say_warnings(answer, done.warnings)


def _say_warnings(answer: Answer, warnings: "Counts[RowWarning, int]") -> None:
    for code, count in warnings.items():
        answer.say(f"{count} rows {sentence(code)}.")


def _say_errors(answer: Answer, errors: "Sequence[RowError]", count: int) -> None:
    if answer.as_json:
        return
    for row in errors:
        where = f" ({row.column})" if row.column else ""
        value = f": {row.value!r}" if row.value else ""
        typer.echo(f"line {row.line}{where}: {sentence(row.fault)}{value}", err=True)
    if count > len(errors):
        typer.echo(f"… and {count - len(errors)} more.", err=True)
