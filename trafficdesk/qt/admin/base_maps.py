"""Base maps: the packs of this desk; import one, choose one for the map, remove one."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.permissions import Permission
from trafficdesk.maps.faults import PackRefused
from trafficdesk.maps.packs import Pack, import_pack, list_damaged, list_packs, remove_pack
from trafficdesk.qt.admin.list_export import PageList, plain_list
from trafficdesk.qt.admin.pack_row import PackRow
from trafficdesk.qt.admin.parts import AdminPage, Block, Buttons, Column, Errands, wrapped
from trafficdesk.qt.admin.sentences import pack_sentence
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.widgets.asking_path import FilePicker
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import ProgressRow
from trafficdesk.services import desk_care
from trafficdesk.services.admin_exports import BASE_MAPS
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class PackShelf:
    """The packs on disk with their sizes in bytes, and folders that cannot be shown."""

    packs: tuple[tuple[Pack, int], ...]
    damaged: tuple[PackRefused, ...]


def load_shelf(folders: tuple[Path, ...]) -> PackShelf:
    """Read which packs lie in some folders."""
    packs = tuple((pack, _size_of(pack.folder)) for pack in list_packs(*folders))
    return PackShelf(packs, list_damaged(*folders))


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def _told(pack: Pack, size: int) -> tuple[str | int | bool, ...]:
    it = pack.facts
    return pack.name, it.title, it.min_zoom, it.max_zoom, size, it.attribution, it.sketch


class BaseMapsPage(AdminPage):
    """What lies under the reports on the map."""

    def __init__(self, session: Session, equipment: Equipment, picker: FilePicker) -> None:
        super().__init__(
            QCoreApplication.translate("BaseMapsPage", "Base maps"),
            QCoreApplication.translate(
                "BaseMapsPage", "Maps that lie on this desk and need no network."
            ),
        )
        self._session = session
        self._settings = equipment.settings
        self._picker = picker
        self._errands = Errands(self, equipment)
        self._may_manage = session.may(Permission.BASEMAP_MANAGE)
        self._stop = Event()
        self._shelf: PackShelf | None = None
        self.rows: list[PackRow] = []
        self.message = InlineMessage()
        self.progress = ProgressRow()
        self.progress.hide()
        self.progress.cancelled.connect(self._stop.set)
        self.import_button = ActionButton(
            self.tr("Import a map file"), "", Kind.PRIMARY, icon="folder-open"
        )
        self.import_button.clicked.connect(self._pick)
        self._list = Column(4)
        self._add_blocks()
        self._settings.changed.connect(self._read_if_shown)

    def _add_blocks(self) -> None:
        block = Block(
            self.tr("On this desk"),
            self.tr("MBTiles and PMTiles files with vector tiles are taken. The file is copied."),
        )
        block.add(Buttons(self.import_button, self.make_list_button()), self.progress, self.message)
        if not self._may_manage:
            reason = self.tr("Only an administrator can import and remove base maps.")
            self.import_button.set_refusal(reason)
            block.add(wrapped(reason))
        block.add(self._list)
        world = Block(self.tr("Always there"))
        text = self.tr("A coarse map of the world serves where no other map reaches.")
        world.add(wrapped(text))
        self.add(block, world)

    def open(self) -> None:
        self._errands.work(
            partial(load_shelf, self._session.profile.pack_folders), self._show, self.message
        )

    def _read_if_shown(self) -> None:
        if self.isVisible():
            self.open()

    def listed(self) -> PageList | None:
        if self._shelf is None:
            return None
        in_use = self._settings.values.map_pack
        rows = [(*_told(pack, size), pack.name == in_use) for pack, size in self._shelf.packs]
        return plain_list(BASE_MAPS, self.tr("Base maps"), rows)

    def _show(self, shelf: PackShelf) -> None:
        self._shelf = shelf
        self._list.clear()
        self.rows = []
        in_use = self._settings.values.map_pack
        for pack, size in shelf.packs:
            # What IT laid on the machine is not this desk's to remove.
            is_own = pack.folder.parent == self._session.profile.packs
            may_manage = self._may_manage and is_own
            row = PackRow(pack, size, in_use=pack.name == in_use, may_manage=may_manage)
            row.chosen.connect(partial(self._choose, pack.name))
            row.removed.connect(partial(self._remove, pack))
            self.rows.append(row)
            self._list.add(row)
        for refused in shelf.damaged:
            self._list.add(wrapped(pack_sentence(refused), "critical"))
        if not shelf.packs and not shelf.damaged:
            self._list.add(wrapped(self.tr("No base map of its own yet.")))

    def _choose(self, name: str) -> None:
        self._settings.change(map_pack=name)

    def _pick(self) -> None:
        pattern = self.tr("Map files") + " (*.mbtiles *.pmtiles)"
        path = self._picker.to_open(self, self.tr("Import a map file"), pattern)
        if path is not None:
            self.import_file(path)

    def import_file(self, path: Path) -> None:
        """Import a file in the background, with progress and a way to stop it."""
        self._stop.clear()
        self.message.clear()
        self.import_button.set_refusal(self.tr("A file is being imported."))
        self.progress.tell(self.tr("Checking {name}").format(name=path.name))
        self.progress.show()
        self._errands.work(
            partial(self._import, path), self._imported, self.message, self._end_import
        )

    def _import(self, path: Path) -> Pack | PackRefused | Refusal:
        refused = desk_care.begin_base_map_change(self._session, "import", path.name)
        if refused is not None:
            return refused

        def tell(done: int, total: int) -> None:
            share = done / total if total else None
            self._errands.call_home(partial(self._tell_progress, path.name, share))

        return import_pack(
            path, self._session.profile.packs, progress=tell, cancelled=self._stop.is_set
        )

    def _tell_progress(self, name: str, share: float | None) -> None:
        self.progress.tell(self.tr("Copying {name}").format(name=name), share)

    def _end_import(self) -> None:
        self.progress.hide()
        self.import_button.set_refusal("")

    def _imported(self, result: Pack | PackRefused | Refusal) -> None:
        self._end_import()
        if isinstance(result, PackRefused):
            self.message.tell(pack_sentence(result))
        elif isinstance(result, Refusal):
            self.message.tell(refusal_sentence(result))
        else:
            self.message.note(self.tr("{name} was imported.").format(name=result.name))
            if not self._settings.values.map_pack:
                self._choose(result.name)
        self.open()

    def _remove(self, pack: Pack) -> None:
        self.message.clear()
        self._errands.work(partial(self._take_away, pack), self._removed, self.message)

    def _take_away(self, pack: Pack) -> str | Refusal:
        refused = desk_care.begin_base_map_change(self._session, "remove", pack.name)
        if refused is not None:
            return refused
        remove_pack(pack)
        return pack.name

    def _removed(self, result: str | Refusal) -> None:
        if isinstance(result, Refusal):
            self.message.tell(refusal_sentence(result))
            return
        self.message.note(self.tr("{name} was removed.").format(name=result))
        if self._settings.values.map_pack == result:
            self._choose("")
        self.open()
