"""``sync-server seed-demo``."""

from dataclasses import asdict

from sync_server.cli.answers import answering
from sync_server.cli.opened import opened_server
from sync_server.cli.options import AsJson


def seed_demo(as_json: AsJson = False) -> None:
    """Add an invented Coimbatore: stations, wards, people, units. Desks bring its reports."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        from sync_server.jobs.seeding import seed_demo as run
        from trafficdesk.domain.demo import people

        done = run(server)
        answer.tell(**asdict(done), logins=[officer.login for officer in people.OFFICERS])
        was = "is ready" if done.is_new else "was there already"
        answer.say(
            f"The demo {done.city} {was}: {done.stations} stations, {done.wards} wards, "
            f"{done.officers} officers, {done.citizens} citizens, {done.units} units."
        )
        if done.password_is_known:
            logins = ", ".join(officer.login for officer in people.OFFICERS)
            answer.say(f"They sign in as {logins} with the password {people.PASSWORD}.")
        else:
            answer.say("Nobody knows the officers' passwords: an administrator sets them.")
