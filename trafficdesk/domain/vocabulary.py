"""The field's closed lists of words. The values are what is stored and sent."""

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a person or key may be; a role is a set of permissions."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    DISPATCHER = "dispatcher"
    ADMIN = "admin"
    SERVICE = "service"


class Severity(IntEnum):
    """How bad it is. Ordered, so that the worse of two is ``max``."""

    MINOR = 1
    MODERATE = 2
    SEVERE = 3
    CRITICAL = 4


class ReportStatus(StrEnum):
    """Where a report stands in its life."""

    PENDING = "pending"
    UNDER_REVIEW = "under_review"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    CITED = "cited"
    CLOSED = "closed"


class Violation(StrEnum):
    """The built-in violation types; an admin may add codes of their own beside them."""

    SPEED = "speed"
    SIGNAL_JUMP = "signal_jump"
    WRONG_SIDE = "wrong_side"
    NO_HELMET = "no_helmet"
    NO_SEAT_BELT = "no_seat_belt"
    TRIPLE_RIDING = "triple_riding"
    MOBILE_USE = "mobile_use"
    DRUNK_DRIVING = "drunk_driving"
    ILLEGAL_PARKING = "illegal_parking"
    NO_ENTRY = "no_entry"
    OVERLOADING = "overloading"
    RASH_DRIVING = "rash_driving"
    DEFECTIVE_PLATE = "defective_plate"
    FOOTPATH_RIDING = "footpath_riding"
    OTHER = "other"


class VehicleType(StrEnum):
    """Kinds of vehicle a report may name."""

    TWO_WHEELER = "two_wheeler"
    THREE_WHEELER = "three_wheeler"
    CAR = "car"
    BUS = "bus"
    TRUCK = "truck"
    OTHER = "other"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Where a report came from."""

    APP = "app"
    WEB = "web"
    API = "api"
    OFFICER = "officer"
    DEVICE = "device"
    IMPORT = "import"


class RejectionReason(StrEnum):
    """Why a report was rejected; the order is that of the keys 1 to 8."""

    NO_OFFENCE = "no_offence"
    PLATE_UNREADABLE = "plate_unreadable"
    NOT_AS_REPORTED = "not_as_reported"
    OFFICER_DIRECTING = "officer_directing"
    PLACE_OR_TIME_DOUBTFUL = "place_or_time_doubtful"
    PHOTO_REUSED = "photo_reused"
    EMERGENCY_VEHICLE = "emergency_vehicle"
    OTHER = "other"


class SyncState(IntEnum):
    """How far a change has travelled. NOT_TAKEN: withdrawn, or of no use where it arrived."""

    CONFIRMED = 0
    NOT_SENT = 1
    SENT = 2
    CONFLICT = 3
    NOT_TAKEN = 4


class IncidentType(StrEnum):
    """What happened on the road."""

    CAR_CRASH = "car_crash"
    MOTORCYCLE = "motorcycle"
    TRUCK = "truck"
    PEDESTRIAN = "pedestrian"
    HAZARD = "hazard"
    OTHER = "other"


class IncidentStatus(StrEnum):
    """Where an incident stands."""

    ACTIVE = "active"
    DISPATCHED = "dispatched"
    ON_SCENE = "on_scene"
    CLEARED = "cleared"


class LanesBlocked(StrEnum):
    """How much of the road is closed."""

    NONE = "none"
    PARTIAL = "partial"
    ALL = "all"


class UnitKind(StrEnum):
    """What can be sent."""

    OFFICER = "officer"
    PATROL_CAR = "patrol_car"
    AMBULANCE = "ambulance"
    FIRE = "fire"
    TOW = "tow"


class Service(StrEnum):
    """What an incident may need."""

    POLICE = "police"
    AMBULANCE = "ambulance"
    FIRE = "fire"
    TOW = "tow"


class Duty(StrEnum):
    """Whether a unit can be sent, apart from where it was sent."""

    ON = "on"
    BUSY = "busy"
    OFF = "off"


class UnitStatus(StrEnum):
    """What a unit is doing: it follows from its duty and its assignment."""

    AVAILABLE = "available"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    BUSY = "busy"
    OFF_DUTY = "off_duty"


class Step(StrEnum):
    """How far an assignment has come."""

    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    CLEARED = "cleared"
    WITHDRAWN = "withdrawn"


class GeofenceKind(StrEnum):
    """What a drawn area is for."""

    GEOFENCE = "geofence"
    PATROL_AREA = "patrol_area"


class Entity(StrEnum):
    """Kinds of record that events, operations and audit entries name."""

    REPORT = "report"
    INCIDENT = "incident"
    UNIT = "unit"
    ASSIGNMENT = "assignment"
    OFFICER = "officer"
    CITIZEN = "citizen"
    CITATION = "citation"
    GEOFENCE = "geofence"
    MEDIA = "media"
    SAVED_SEARCH = "saved_search"
    STATION = "station"
    CITY = "city"
    WARD = "ward"
    VIOLATION_TYPE = "violation_type"
    CONFLICT = "conflict"
    DEVICE = "device"
    DESK = "desk"
    SCHEDULE = "schedule"
