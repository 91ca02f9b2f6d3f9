"""The commands of ``trafficdesk`` put together; without one the desk opens."""

from typing import Annotated

import typer

from trafficdesk import __version__
from trafficdesk.cli import (
    audit,
    basemap,
    bundle,
    demo,
    diagnostics,
    enrol,
    exporting,
    handover,
    import_undo,
    importing,
    joining,
    policy,
    position,
    receipt,
    report,
    running,
    schedule,
    selftest,
    store,
    update,
)
from trafficdesk.cli.exits import epilog
from trafficdesk.cli.opening import open_desk

app = typer.Typer(
    help="The desk software of a traffic police station. Without a command the desk opens. "
    "TRAFFICDESK_HOME names the profile folder.",
    epilog=epilog(),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        from trafficdesk.updates.places import running_version

        typer.echo(f"trafficdesk {running_version() or __version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def open_or_run(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """The desk software of a traffic police station. Without a command the desk opens."""
    if context.invoked_subcommand is None:
        raise typer.Exit(open_desk())


app.command("demo")(demo.demo)
app.command("enrol")(enrol.Enrol)
app.command("join")(joining.Join)
app.command("import")(importing.import_file)
app.command("export")(exporting.Export)
app.command("imports")(import_undo.list_imports)
app.add_typer(basemap.app, name="basemap")
app.add_typer(store.app, name="store")
app.add_typer(audit.app, name="audit")
app.add_typer(policy.app, name="policy")
app.add_typer(bundle.app, name="bundle")
app.command("receipt")(receipt.receipt)
app.add_typer(report.app, name="report")
app.add_typer(schedule.app, name="schedule")
app.command("handover")(handover.handover)
app.command("position")(position.position)
app.command("tour")(running.tour)
app.command("diagnostics")(diagnostics.diagnostics)
app.command("selftest")(selftest.selftest)
app.add_typer(update.app, name="update")
