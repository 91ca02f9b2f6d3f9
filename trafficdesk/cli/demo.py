"""``trafficdesk demo``: a desk of a made-up Coimbatore, and its removal."""

from typing import Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson
from trafficdesk.cli.stopping import Stopping
from trafficdesk.profile import Profile


def demo(
    scale: Annotated[
        int, typer.Option("--scale", metavar="N", min=1, max=5_000_000, help="How many reports.")
    ] = 200,
    remove: Annotated[
        bool, typer.Option("--remove", help="Remove the demo from the profile.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a demo city in an empty profile: officers, citizens, reports, pictures and a map."""
    with answering(as_json) as answer:
        profile = Profile.from_environment()
        if remove:
            _remove(profile, answer)
        else:
            _make(profile, scale, answer)


def _make(profile: Profile, scale: int, answer: Answer) -> None:
    from trafficdesk.maps.sketch import install_sketch
    from trafficdesk.services.demo.build import DemoMade, DemoPlan, DemoRefused, make_demo
    from trafficdesk.services.demo.marker import DEMO_PASSWORD
    from trafficdesk.services.demo.progress import Watch

    def show(stage: str, done: int, total: int) -> None:
        answer.step(done, total, stage.replace("_", " "))

    with Stopping() as stopping:
        watch = Watch(show, stopping.is_wanted)
        made = make_demo(profile, DemoPlan(scale=scale, install_map=install_sketch), watch)
    match made:
        case DemoMade():
            answer.tell(
                profile=profile.folder,
                officers=made.officers,
                citizens=made.citizens,
                reports=made.reports,
                is_new=made.is_new,
                password=DEMO_PASSWORD,
            )
            was = "is ready" if made.is_new else "was there already"
            answer.say(
                f"The demo {was} in {profile.folder}: {made.officers} officers, "
                f"{made.citizens} citizens, {made.reports} reports."
            )
            answer.say(f"Open it with: trafficdesk   The password is {DEMO_PASSWORD}")
        case DemoRefused(code):
            raise RefusedError(f"demo.{code}", path=profile.folder)
        case _:
            raise RefusedError("cli.cancelled", Exit.CANCELLED)


def _remove(profile: Profile, answer: Answer) -> None:
    from trafficdesk.services.demo.build import remove_demo

    refused = remove_demo(profile)
    if refused is not None:
        raise RefusedError(f"demo.{refused.code}", path=profile.folder)
    answer.tell(profile=profile.folder, removed=True)
    answer.say(f"The demo in {profile.folder} is removed.")
