"""What is said of reports for people: when they come round, and what became of them."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.reporting.catalogue import BY_ID, Template
from trafficdesk.domain.schedules import Every, Rhythm, Wish

_CONTEXT: Final = "Reports"
_FAULTS: Final[dict[str, object]] = {
    "folder.missing": QT_TRANSLATE_NOOP("Reports", "The folder is not there"),
    "folder.unwritable": QT_TRANSLATE_NOOP("Reports", "The folder takes no file"),
    "mail.no_server": QT_TRANSLATE_NOOP("Reports", "No mail server is named"),
    "mail.settings": QT_TRANSLATE_NOOP("Reports", "The mail settings cannot be read"),
    "mail.no_password": QT_TRANSLATE_NOOP("Reports", "No password for the mail server"),
    "mail.authority": QT_TRANSLATE_NOOP("Reports", "The authority's file cannot be read"),
    "mail.sign_in": QT_TRANSLATE_NOOP("Reports", "The mail server lets nobody in"),
    "mail.refused": QT_TRANSLATE_NOOP("Reports", "Refused"),
    "mail.later": QT_TRANSLATE_NOOP("Reports", "Put off by the mail server"),
    "mail.not_supported": QT_TRANSLATE_NOOP("Reports", "The mail server does not encrypt"),
    "mail.broken_off": QT_TRANSLATE_NOOP("Reports", "The line broke off"),
    "mail.not_trusted": QT_TRANSLATE_NOOP("Reports", "The mail server is not trusted"),
    "mail.no_encryption": QT_TRANSLATE_NOOP("Reports", "No encrypted line was had"),
    "mail.unreachable": QT_TRANSLATE_NOOP("Reports", "The mail server is out of reach"),
    "mail.newer": QT_TRANSLATE_NOOP("Reports", "Made by a newer program"),
    "asker_gone": QT_TRANSLATE_NOOP("Reports", "Whoever asked for it has left"),
    "newer": QT_TRANSLATE_NOOP("Reports", "Made by a newer program"),
    "unknown_template": QT_TRANSLATE_NOOP("Reports", "There is no such report any more"),
    "not_permitted": QT_TRANSLATE_NOOP("Reports", "Your role may not have this report"),
    "by_policy": QT_TRANSLATE_NOOP("Reports", "The machine's policy does not allow this format"),
    "wrong_scope": QT_TRANSLATE_NOOP("Reports", "This report is about something else"),
    "unknown_place": QT_TRANSLATE_NOOP("Reports", "There is no such station, ward or officer"),
    "not_here": QT_TRANSLATE_NOOP("Reports", "This report is not made here"),
    "wrong_about": QT_TRANSLATE_NOOP("Reports", "A report of a shift comes round every day"),
    "nowhere": QT_TRANSLATE_NOOP("Reports", "Say where it is to go: a folder or addresses"),
    "folder": QT_TRANSLATE_NOOP("Reports", "Give the whole path of a folder"),
    "address": QT_TRANSLATE_NOOP("Reports", "Give plain addresses with commas, 20 at most"),
}


def say(source: str) -> str:
    """Return a sentence of the reports, translated."""
    return QCoreApplication.translate(_CONTEXT, source)


def fault_words(fault: str) -> str:
    """Return why something was not made or brought."""
    found = _FAULTS.get(fault)
    return fault if found is None else QCoreApplication.translate(_CONTEXT, str(found))


def template_title(template_id: str) -> str:
    """Return what a template is called; its id if this program has none such."""
    found = BY_ID.get(template_id)
    return template_id if found is None else QCoreApplication.translate("Reporting", found.title)


def template_about(template: Template) -> str:
    """Return what stands in a template's reports."""
    return QCoreApplication.translate("Reporting", template.about)


def of_words(template: Template) -> str:
    """Return what a template's reports can be of."""
    if template.is_of_a_shift:
        return say("Shift")
    words = {
        Part.CITY: say("City"),
        Part.STATION: say("Station"),
        Part.WARD: say("Ward"),
        Part.OFFICER: say("Officer"),
    }
    return ", ".join(words[part] for part in Part if part in template.of)


def rhythm_words(rhythm: Rhythm) -> str:
    """Return how often something comes round."""
    at = f"{rhythm.minute // 60:02}:{rhythm.minute % 60:02}"
    match rhythm.every:
        case Every.DAY:
            return say("Daily {time}").format(time=at)
        case Every.WEEK:
            name = QLocale().dayName(rhythm.on, QLocale.FormatType.ShortFormat)
            return say("{day} {time}").format(day=name, time=at)
        case Every.MONTH:
            return say("Day {day}, {time}").format(day=rhythm.on, time=at)


def target_words(wish: Wish) -> str:
    """Return where a report is to go."""
    return ", ".join(filter(None, (wish.folder, *wish.addresses)))
