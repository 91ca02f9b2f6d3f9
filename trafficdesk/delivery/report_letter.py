"""The letter in which a report that came round goes out."""

from uuid import UUID

from trafficdesk.delivery.mail import Letter
from trafficdesk.domain.reporting.catalogue import BY_ID
from trafficdesk.domain.schedules import Wish
from trafficdesk.domain.times import from_ms
from trafficdesk.languages import words_in


def report_letter(
    wish: Wish, of: tuple[UUID, int], file: tuple[str, bytes], made_ms: int, source: str
) -> Letter:
    """Return the letter of a schedule's day with a file's name and content, in its language.

    It is the same whenever it is made: its key is the schedule's and the day's.
    """
    template = BY_ID.get(wish.template_id)
    words = words_in(wish.language)
    title = wish.template_id if template is None else words.say(template.title)
    name, content = file
    stem = name.rpartition(".")[0]
    told = words.say(
        "{file}, made by TrafficDesk at {source}. What it counts, how old its data is and whether "
        "personal data is masked stand in the report itself."
    )
    return Letter(
        key=f"{of[0]}.{of[1]}",
        recipients=wish.addresses,
        subject=f"{title}: {stem}",
        text=f"{title}\n\n{told.format(file=name, source=source)}\n",
        file=name,
        content=content,
        written_at=from_ms(made_ms),
    )
