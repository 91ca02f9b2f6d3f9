"""A report in small, to be held beside another one."""

from datetime import tzinfo

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from trafficdesk.domain.plates import format_plate
from trafficdesk.qt.ages import moment
from trafficdesk.qt.review import detail_words as words
from trafficdesk.qt.review.photo_view import PhotoView
from trafficdesk.qt.review.photos import Photo, PhotoFailed, Photos
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.facts import SeverityTag
from trafficdesk.qt.widgets.labels import ElidedLabel, label_row
from trafficdesk.services.board import ReportDetail

_WITH_PHOTO_FROM_PX = 340


class ReportCard(QWidget):
    """First photo, what, when, where, which vehicle, how it was told."""

    def __init__(self, title: str, photos: Photos, zone: tzinfo) -> None:
        super().__init__()
        self._photos = photos
        self._zone = zone
        self._detail: ReportDetail | None = None
        self.setAccessibleName(title)
        self._which = ElidedLabel(title, 12, 600, "text2")
        self._photo = PhotoView()
        self._photo.shows_labels = False
        self._photo.setFixedSize(QSize(px(168), px(94)))
        self._photo.setAccessibleName(self.tr("First photo"))
        self._severity = SeverityTag(is_filled=False)
        self._reference = ElidedLabel("", 13, 600).hug()
        self._what = ElidedLabel("", 13, 500)
        self._when = ElidedLabel("", 12, 400, "text2")
        self._where = ElidedLabel("", 12, 400, "text2")
        self._vehicle = ElidedLabel("", 13, 500)
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addLayout(label_row(self._severity, self._reference))
        for label in (self._what, self._vehicle, self._when, self._where):
            lines.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(self._photo)
        row.addLayout(lines, 1)
        column = QVBoxLayout(self)
        # Two cards stand side by side in any width: where it is narrow the photo gives way.
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._which)
        column.addLayout(row)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(140), px(124))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._photo.setVisible(self.width() >= px(_WITH_PHOTO_FROM_PX))

    def show_detail(self, detail: ReportDetail) -> None:
        """Show a report."""
        report, self._detail = detail.report, detail
        self._severity.set_severity(report.severity)
        self._reference.setText(report.reference)
        self._what.setText(words.title(report))
        self._when.setText(moment(report.occurred_at, self._zone, seconds=True))
        self._where.setText(words.place_name(report))
        plate = format_plate(report.plate) or self.tr("No plate")
        self._vehicle.setText(" · ".join(filter(None, (plate, words.vehicle(report)))))
        self._photo.show_nothing()
        for media in detail.media[:1]:
            self._photos.ask(media, lambda photo: self._take(detail, photo), is_thumbnail=True)

    def _take(self, detail: ReportDetail, photo: Photo) -> None:
        if detail is not self._detail:
            return
        if isinstance(photo, PhotoFailed):
            self._photo.show_nothing()
        else:
            self._photo.show_image(photo)
