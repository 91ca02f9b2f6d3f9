"""What helps to choose: where both sides put it, and the photo."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.records import Media, Place
from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.pair_map import PairMap, Shown
from trafficdesk.qt.conflicts.sheet import PLACE
from trafficdesk.qt.conflicts.view import ConflictView
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.review.gear import ReviewGear
from trafficdesk.qt.review.photo_view import PhotoView
from trafficdesk.qt.review.photos import Photo, PhotoFailed, Photos
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import ElidedLabel, KeycapLabel, Label, label_row

_WIDE_FROM_PX = 1100


class EvidenceStrip(QWidget):
    """A map where the place is in question, a photo where there is one; side by side.

    ``photo_came`` carries the photo of what is shown, for whoever shows it larger.
    """

    photo_came = Signal(object)

    def __init__(self, gear: ReviewGear) -> None:
        super().__init__()
        self._photos = Photos(gear.session, gear.lanes, self)
        self._view: ConflictView | None = None
        self.map = PairMap(gear.find_pack, gear.lanes)
        self.photo = PhotoView()
        self.photo.shows_labels = False
        self.map_key = KeycapLabel()
        self._apart = Label("", 12, 600, "conflict")
        self._how = ElidedLabel(say("Drag a pin, or click where it was"), 12, 400, "text2")
        self._map_side, self._photo_side, self._rest = QWidget(), QWidget(), QWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        head = label_row(Label(words.field_title(PLACE), 12, 600, "text2"), self._apart)
        self._how.hug()
        head.addWidget(self._how)
        head.addWidget(self.map_key)
        photo_head = label_row(Label(say("In the photo"), 12, 600, "text2"))
        for side, title, body in (
            (self._map_side, head, self.map),
            (self._photo_side, photo_head, self.photo),
        ):
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(px(6))
            column.addLayout(title)
            column.addWidget(body, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(4), 0, 0)
        row.setSpacing(px(12))
        row.addWidget(self._map_side, 1)
        row.addWidget(self._photo_side)
        row.addWidget(self._rest, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_view(self, view: ConflictView) -> None:
        """Show what there is of a conflict, and what was chosen of its place."""
        if view is not self._view:
            self._view = view
            self.photo.show_nothing()
        pair, has_photo = view.sheet.pair, bool(view.around.media)
        self._map_side.setVisible(pair is not None)
        self._photo_side.setVisible(has_photo)
        self._rest.setVisible(pair is None)
        self.setVisible(pair is not None or has_photo)
        is_fixed = view.is_settled or bool(view.refusal)
        self._how.setVisible(not is_fixed)
        self.map_key.setVisible(not is_fixed)
        if pair is not None:
            mine, theirs = words.people(view.detail, view.reader)
            names = say("Mine · {who}"), say("Theirs · {who}")
            called = (names[0].format(who=mine), names[1].format(who=theirs))
            self.map.show_pair(Shown(pair, called, _own_place(view), is_fixed))
            self._apart.setText(words.apart(pair))

    def ask_for_photo(self, media: tuple[Media, ...]) -> None:
        """Show the first of a report's photos when it was read."""
        view = self._view
        for first in media[:1]:
            self._photos.ask(first, lambda photo: self._take(view, photo))

    def _take(self, view: ConflictView | None, photo: Photo) -> None:
        if view is not self._view:
            return
        if isinstance(photo, PhotoFailed):
            self.photo.show_failure(photo)
        else:
            self.photo.show_image(photo)
            self.photo_came.emit(photo)

    def can_place(self) -> bool:
        """Tell whether the place can be put on the map now."""
        return self.map.isVisible() and self._how.isVisible()

    def focus_map(self) -> None:
        """Give the keyboard to the map."""
        self.map.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def fit(self, width: int) -> None:
        """Be as high as a page of this width has room for."""
        is_wide = width >= px(_WIDE_FROM_PX)
        self.setFixedHeight(px(360 if is_wide else 180))
        if self._map_side.isVisibleTo(self):
            self._photo_side.setFixedWidth(px(460 if is_wide else 232))
        else:
            self._photo_side.setFixedWidth(px(560 if is_wide else 320))


def _own_place(view: ConflictView) -> Place | None:
    choice = view.sheet.choice(PLACE)
    if choice is None or choice.side is not Side.EDITED:
        return None
    return choice.value if isinstance(choice.value, Place) else None
