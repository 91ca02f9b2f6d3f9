"""The one signal that tells every screen what a transaction has touched."""

from PySide6.QtCore import QObject, Signal

from trafficdesk.services.changes import Changed


class Changes(QObject):
    """``changed`` carries a ``services.changes.Changed``; screens ask again for just that."""

    changed = Signal(object)

    def tell(self, changed: Changed) -> None:
        """Emit what changed, unless it is nothing."""
        if changed:
            self.changed.emit(changed)
