"""Which base maps there are, which one is shown, and the names it brings."""

from PySide6.QtCore import QObject, Signal

from trafficdesk.maps.answers import BaseMap
from trafficdesk.maps.gazetteer import Gazetteer, open_gazetteer
from trafficdesk.maps.packs import Pack, list_packs
from trafficdesk.maps.world import WORLD_NAME, WorldMap
from trafficdesk.profile import Profile
from trafficdesk.qt.settings import SettingsFile


class BaseMaps(QObject):
    """The packs of a profile, and the world that always serves; ``changed``: another is shown."""

    changed = Signal()

    def __init__(self, profile: Profile, settings: SettingsFile) -> None:
        super().__init__()
        self._settings = settings
        self.packs = list_packs(*profile.pack_folders)
        self._gazetteer: Gazetteer | None = None
        wanted = settings.values.map_pack
        names = [pack.name for pack in self.packs]
        self.name = wanted if wanted in (*names, WORLD_NAME) else next(iter(names), WORLD_NAME)
        self._open_names()

    def _open_names(self) -> None:
        self.close()
        pack = self.pack
        self._gazetteer = None if pack is None else open_gazetteer(pack)

    @property
    def pack(self) -> Pack | None:
        """The pack shown; None while the built-in world is."""
        return next((pack for pack in self.packs if pack.name == self.name), None)

    @property
    def shown(self) -> BaseMap:
        """The pack shown or the built-in world."""
        return self.pack or WorldMap()

    @property
    def gazetteer(self) -> Gazetteer | None:
        """The names of the pack shown; None where it brought none."""
        return self._gazetteer

    def choose(self, name: str) -> None:
        """Show another base map and remember it."""
        self.name = name
        self._settings.change(map_pack=name)
        self._open_names()
        self.changed.emit()

    def options(self) -> list[tuple[str, str]]:
        """Return every base map as (name, title)."""
        packs = [(pack.name, pack.facts.title or pack.name) for pack in self.packs]
        return [*packs, (WORLD_NAME, self.tr("World, built in"))]

    def note(self) -> str:
        """Return what the officer should know of the map shown, "" if nothing."""
        pack = self.pack
        if not self.packs:
            return self.tr("No city map on this desk yet. Station IT can import one.")
        if pack is None:
            return self.tr("Coasts and borders only, without streets.")
        return "" if self._gazetteer is not None else self.tr("This map brought no names to find.")

    def close(self) -> None:
        """Let go of the names' file."""
        if self._gazetteer is not None:
            self._gazetteer.close()
            self._gazetteer = None

    def close_all(self) -> None:
        """Let go of every file."""
        self.close()
        for pack in self.packs:
            pack.close()
