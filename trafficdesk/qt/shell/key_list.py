"""Rows of commands with their keys, by group; pressing one records another key for it."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from trafficdesk.qt.commands import GLOBAL, Command, Commands, KeyTaken, shown_key
from trafficdesk.qt.input_watch import KeyWatch
from trafficdesk.qt.keyboard import CHORD_MS, pressed_key
from trafficdesk.qt.later import later
from trafficdesk.qt.theme.fonts import MEDIUM, font, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.painting import (
    TRAILING,
    fill_round,
    keycap_size,
    paint_keycap,
    paint_line,
    painter_on,
    placed,
)


class KeyRow(PaintedButton):
    """One command and its keys; pressing it asks for another key."""

    def __init__(self, command: Command, keys: tuple[str, ...]) -> None:
        super().__init__(command.title)
        self.command = command
        self._keys = keys
        self._is_own = False
        self._is_asking = False
        self._held = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_keys(keys)

    def set_keys(self, keys: tuple[str, ...], *, is_own: bool = False) -> None:
        """Show other keys; ``is_own``: they are not the default ones."""
        self._keys, self._is_own = keys, is_own
        said = self.tr("no key") if not keys else " / ".join(" ".join(shown_key(k)) for k in keys)
        self.setAccessibleName(f"{self.command.title}, {said}")
        tip = self.tr("Press to change the key of {name}").format(name=self.command.title)
        usual = " / ".join(" ".join(shown_key(key)) for key in self.command.keys)
        changed = self.tr("Its default is {keys}").format(keys=usual or self.tr("no key"))
        self.setToolTip("\n".join((tip, changed) if is_own else (tip,)))
        self.setAccessibleDescription(changed if is_own else "")
        self.update()

    def set_asking(self, asking: bool, held: str = "") -> None:
        """Show that the next key pressed becomes this command's, after the one that is held."""
        self._is_asking, self._held = asking, held
        self.update()

    def sizeHint(self) -> QSize:
        caps = [keycap_size(cap).width() + px(6) for key in self._keys for cap in shown_key(key)]
        return QSize(text_width(self.text(), 13) + px(28) + sum(caps), px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(180), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self._is_asking:
            fill_round(painter, QRectF(self.rect()), colour("accent_weak"))
        elif self.underMouse():
            fill_round(painter, QRectF(self.rect()), colour("hover"))
        end = self.width() - px(8)
        if self._is_asking:
            pair = self.tr("{key}, then another or Enter")
            words = pair.format(key=self._held) if self._held else self.tr("Press a key")
            width = text_width(words, 12, MEDIUM)
            end -= width
            painter.setFont(font(12, MEDIUM))
            painter.setPen(colour("accent"))
            box = placed(self, QRect(end, 0, width, self.height()))
            painter.drawText(box, int(TRAILING), words)
        else:
            for key in reversed(self._keys):
                for cap_text in reversed(shown_key(key)):
                    cap = keycap_size(cap_text)
                    end -= cap.width()
                    y = (self.height() - cap.height()) // 2
                    box = QRect(end, y, cap.width(), cap.height())
                    paint_keycap(painter, placed(self, box), cap_text)
                    end -= px(6)
            if self._is_own:
                side = px(6)
                end -= side + px(2)
                dot = QRect(end, (self.height() - side) // 2, side, side)
                fill_round(painter, QRectF(placed(self, dot)), colour("accent"), side / 2)
        painter.setFont(font(13))
        painter.setPen(colour("text"))
        words_box = QRect(px(8), 0, end - px(12), self.height())
        paint_line(painter, placed(self, words_box), self.text())
        self.paint_ring(painter)


class KeyList(QWidget):
    """The commands' rows in columns; used by the cheat-sheet and the admin workspace."""

    told = Signal(str)

    def __init__(
        self, commands: Commands, columns: int = 3, listed: list[Command] | None = None
    ) -> None:
        super().__init__()
        self._commands = commands
        self._listed = commands.all() if listed is None else listed
        self._asking: KeyRow | None = None
        self._asked: KeyRow | None = None
        self._held = ""
        self._pair = later(self, CHORD_MS, self._end_pair)
        self._watch = KeyWatch(self)
        self._cells: dict[KeyRow, QVBoxLayout] = {}
        self.rows: list[KeyRow] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(px(16), px(4), px(16), px(16))
        grid.setHorizontalSpacing(px(24))
        for column, groups in enumerate(self._columns(columns)):
            cell = QVBoxLayout()
            cell.setSpacing(0)
            for group, members in groups:
                self._add_group(cell, group, members)
            cell.addStretch(1)
            grid.addLayout(cell, 0, column)
            grid.setColumnStretch(column, 1)
        commands.changed.connect(self.refresh)

    def _columns(self, count: int) -> list[list[tuple[str, list[Command]]]]:
        groups: dict[str, list[Command]] = {}
        for command in self._listed:
            if not command.is_hidden:
                groups.setdefault(command.group, []).append(command)
        ordered = sorted(groups.items(), key=lambda each: each[1][0].context == GLOBAL)
        columns: list[list[tuple[str, list[Command]]]] = [[] for _ in range(count)]
        heights = [0] * count
        for group, members in ordered:
            lowest = heights.index(min(heights))
            columns[lowest].append((group, members))
            heights[lowest] += len(members) + 1
        return columns

    def _add_group(self, cell: QVBoxLayout, group: str, members: list[Command]) -> None:
        heading = Label(group, 12, 600, "text2")
        heading.setContentsMargins(px(8), px(12), px(8), px(4))
        cell.addWidget(heading)
        for command in members:
            row = KeyRow(command, ())
            self._show_keys(row)
            row.clicked.connect(lambda _checked=False, each=row: self._ask(each))
            cell.addWidget(row)
            self.rows.append(row)
            self._cells[row] = cell

    def refresh(self) -> None:
        """Show the keys that hold now."""
        for row in self.rows:
            self._show_keys(row)

    def _show_keys(self, row: KeyRow) -> None:
        own = self._commands.has_own_keys(row.command.id)
        row.set_keys(self._commands.keys_of(row.command.id), is_own=own)

    def put_below(self, widget: QWidget) -> None:
        """Put what is told right below the row that was pressed, where the eyes are."""
        if self._asked is not None:
            cell = self._cells[self._asked]
            cell.removeWidget(widget)
            cell.insertWidget(cell.indexOf(self._asked) + 1, widget)

    def _ask(self, row: KeyRow) -> None:
        self._stop_asking()
        self._asking = self._asked = row
        row.set_asking(True)
        self._watch.start()  # begun last, so it sees keys before commands do
        self.told.emit(
            self.tr(
                "Press the new key for “{name}”, or two one after the other. "
                "Backspace removes it, Delete gives the default back, Esc leaves it."
            ).format(name=row.command.title)
        )

    def _stop_asking(self) -> None:
        self._pair.stop()
        row, self._asking, self._held = self._asking, None, ""
        if row is not None:
            row.set_asking(False)
            self._watch.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        self._stop_asking()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        row = self._asking
        if row is None or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyPress:
            key = pressed_key(event)
            if key and isinstance(watched, QWidget) and not event.isAutoRepeat():
                self._press(row, key)
            return True
        return event.type() == QEvent.Type.ShortcutOverride

    def _press(self, row: KeyRow, key: str) -> None:
        """Take a key: a bare one may be the first of two, so it waits a moment for another."""
        if key == "Esc":
            self._stop_asking()
            self.told.emit("")
        elif self._held:
            self._take(row, self._held if key == "Return" else f"{self._held}, {key}")
        elif key == "Backspace":
            self._take(row, "")
        elif key == "Del":
            self._settle(row, self._commands.reset_key(row.command.id))
        elif _is_bare(key):
            self._held = key
            row.set_asking(True, " ".join(shown_key(key)))
            self._pair.start()
        else:
            self._take(row, key)

    def _end_pair(self) -> None:
        if self._asking is not None and self._held:
            self._take(self._asking, self._held)

    def _take(self, row: KeyRow, key: str) -> None:
        self._settle(row, self._commands.remap(row.command.id, (key,) if key else ()))

    def _settle(self, row: KeyRow, taken: KeyTaken | None) -> None:
        self._stop_asking()
        if taken is None:
            self.told.emit("")
            return
        whole = self.tr("{key} already belongs to “{name}” ({group}). Change that one first.")
        part = self.tr("{key} gets in the way of {other} for “{name}” ({group}).")
        sentence = whole if taken.key == taken.taken else part
        self.told.emit(
            sentence.format(
                key=" ".join(shown_key(taken.key)),
                other=" ".join(shown_key(taken.taken)),
                name=taken.by.title,
                group=taken.by.group,
            )
        )


def _is_bare(key: str) -> bool:
    """Tell whether a key is a letter or sign, with Shift at most."""
    return len(key.removeprefix("Shift+")) == 1
