"""Where keys of dispatch's commands stand on its widgets."""

from typing import TYPE_CHECKING

from trafficdesk.qt.key_hints import Hint

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace


def dispatch_hints(desk: "DispatchWorkspace") -> tuple[Hint, ...]:
    """Return which command's key each widget of dispatch shows."""
    strip, detail, middle = desk.strip, desk.detail, desk.middle
    options = ((f"dispatch.send_{n}", b.set_key) for n, b in enumerate(strip.buttons, 1))
    return (
        *options,
        ("dispatch.choose_unit", strip.choose.set_key),
        ("dispatch.close", strip.no.set_key),
        ("dispatch.close", detail.cancel.set_key),
        ("dispatch.form.close", desk.form.cancel.set_key),
        ("dispatch.form.close", desk.times.cancel.set_key),
        ("dispatch.form.submit", desk.form.submit_button.set_key),
        ("dispatch.form.submit", desk.times.submit_button.set_key),
        ("dispatch.correct", detail.correct.set_key),
        ("dispatch.verify", detail.verify.set_key),
        ("dispatch.reopen", detail.reopen.set_key),
        ("dispatch.undo", middle.toast.set_key),
        ("dispatch.file", desk.incidents.set_file_key),
        ("dispatch.enlist", desk.units.set_enlist_key),
        ("dispatch.fit", middle.buttons.all.set_key),
        ("dispatch.type", desk.line.set_key),
    )
