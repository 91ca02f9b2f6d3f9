"""Keys: every command with its keys; each can be changed."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QResizeEvent

from trafficdesk.qt.admin.list_export import PageList, plain_list
from trafficdesk.qt.admin.parts import AdminPage, Block, Buttons, Column, wrapped
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.later import later
from trafficdesk.qt.shell.key_list import KeyList
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.services.admin_exports import KEYS

TWO_COLUMNS_PX = 712


class KeysPage(AdminPage):
    """Every command by group; one press on a row and the next key is its own."""

    def __init__(self, equipment: Equipment) -> None:
        super().__init__(
            QCoreApplication.translate("KeysPage", "Keys"),
            QCoreApplication.translate(
                "KeysPage",
                "Press a command, then its new key, or two keys one after the other. "
                "Letters act while no text field has the focus.",
            ),
        )
        self._commands = equipment.commands
        self._settings = equipment.settings
        self._shown: tuple[int, tuple[str, ...]] = (0, ())
        self.keys: KeyList | None = None
        self.reset = ActionButton(self.tr("Default keys for all"))
        self.reset.clicked.connect(self._reset)
        self.message = InlineMessage()
        self.told = InlineMessage()
        self.told.setParent(self)
        self._reveal = later(self, 0, self._show_told)
        self._place = Column()
        head = Block(self.tr("Commands"))
        self.reason = wrapped(self.tr("All commands have their default keys."))
        head.add(
            Buttons(self.reset, self.make_list_button()), self.reason, self.message, self._place
        )
        self.add(head)
        self._commands.changed.connect(self._follow_if_shown)

    def open(self) -> None:
        self._follow()

    def listed(self) -> PageList | None:
        shown = [each for each in self._commands.known() if not each.is_hidden]
        rows = [
            (each.title, each.group, ", ".join(self._commands.keys_of(each.id))) for each in shown
        ]
        return plain_list(KEYS, self.tr("Keys"), rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow_if_shown()

    def _follow_if_shown(self) -> None:
        if self.isVisible():
            self._follow()

    def _follow(self) -> None:
        """Make the rows anew when there are other commands; keys follow by themselves."""
        listed = self._commands.known()
        ids = tuple(command.id for command in listed if not command.is_hidden)
        columns = 2 if self.viewport().width() >= px(TWO_COLUMNS_PX) else 1
        own = self._settings.values.keys
        self.reset.set_refusal("" if own else self.reason.text())
        self.reason.setVisible(not own)
        if (columns, ids) == self._shown:
            return
        self._shown = (columns, ids)
        self._place.clear()
        self.keys = KeyList(self._commands, columns, listed)
        self.told = InlineMessage()
        self.told.setParent(self.keys)  # also where it is never told
        self.keys.told.connect(self._say)
        self._place.add(self.keys)

    def _say(self, sentence: str) -> None:
        if not sentence or self.keys is None:
            self.told.clear()
            return
        self.message.clear()
        self.keys.put_below(self.told)
        self.told.note(sentence)
        self._reveal.start()

    def _show_told(self) -> None:
        self.ensureWidgetVisible(self.told)

    def _reset(self) -> None:
        self._commands.reset_keys()
        self.told.clear()
        self.message.note(self.tr("Every command has its default keys again."))
