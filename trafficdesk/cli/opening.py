"""Opening the desk, without loading what only the other commands need."""

from trafficdesk.policy.errors import PolicyError
from trafficdesk.profile import Profile


def open_desk() -> int:
    """Open the desk on the profile and stay until it is closed; return the exit code."""
    try:
        from trafficdesk.app import run_desk

        try:
            profile = Profile.from_environment()
        except PolicyError as refused:
            from trafficdesk.app import refuse_policy

            return refuse_policy(refused)
        return run_desk(profile)
    except (ImportError, OSError, KeyboardInterrupt) as error:
        from trafficdesk.cli.answers import answered

        return answered(_no_screen(error))


def _no_screen(error: BaseException) -> BaseException:
    """Return the refusal for a missing PySide6 or system library; any other error as it is."""
    from trafficdesk.cli.answers import RefusedError

    if isinstance(error, ImportError) and not (error.name or "").startswith("trafficdesk"):
        return RefusedError("cli.no_screen", detail=str(error))
    return error
