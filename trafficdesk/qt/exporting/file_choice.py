"""Asking where a file that leaves the desk shall go, and in which format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from trafficdesk.exports.writing import Format, format_of
from trafficdesk.qt.exporting.export_words import kind_filter, say
from trafficdesk.qt.widgets.asking_path import FilePicker


@dataclass(frozen=True, slots=True)
class FileChoice:
    """Asks with a picker over a screen; ``tell`` is told why a name that was typed is none."""

    files: FilePicker
    parent: QWidget
    tell: Callable[[str], object]

    def ask(self, title: str, name: str, forms: Sequence[Format]) -> tuple[Path, Format] | None:
        """Return the file and the format that its ending names; None where there is none.

        ``name`` is suggested, with the ending of the first of ``forms``, which a name without an
        ending gets, too.
        """
        first, kinds = forms[0], ";;".join(map(kind_filter, forms))
        path = self.files.to_save(self.parent, title, f"{name}.{first}", kinds)
        if path is None:
            return None
        path = path if path.suffix else path.with_suffix(f".{first}")
        form = format_of(path)
        if form is not None and form in forms:
            return path, form
        endings = ", ".join(f".{each}" for each in forms)
        words = say("Choose a name that ends in {ending}").format(ending=endings)
        if len(forms) > 1:
            words = say("Choose one of these endings: {list}").format(list=endings)
        self.tell(words)
        return None
