"""Named permissions and what each role may do."""

from enum import StrEnum

from trafficdesk.domain.vocabulary import Role


class Permission(StrEnum):
    """One thing a person may be allowed to do."""

    REPORT_READ = "report.read"
    REPORT_FILE = "report.file"
    REPORT_REVIEW = "report.review"
    REPORT_ASSIGN = "report.assign"
    REPORT_ESCALATE = "report.escalate"
    REPORT_REOPEN = "report.reopen"
    REPORT_TAKE_OVER = "report.take_over"
    REPORT_CITE = "report.cite"
    REPORT_IMPORT = "report.import"
    CITIZEN_READ_PII = "citizen.read_pii"
    GEOFENCE_EDIT = "geofence.edit"
    MAP_EXPORT = "map.export"
    REPORT_EXPORT = "report.export"
    ANALYTICS_VIEW = "analytics.view"
    ANALYTICS_OFFICERS = "analytics.officers"
    INCIDENT_FILE = "incident.file"
    INCIDENT_RESPOND = "incident.respond"
    INCIDENT_DISPATCH = "incident.dispatch"
    UNIT_MANAGE = "unit.manage"
    OFFICER_MANAGE = "officer.manage"
    OFFICER_UNLOCK = "officer.unlock"
    AUDIT_READ = "audit.read"
    VIOLATION_EDIT = "violation.edit"
    BASEMAP_MANAGE = "basemap.manage"
    DESK_SHRED = "desk.shred"


_OFFICER = frozenset(
    {
        Permission.REPORT_READ,
        Permission.REPORT_FILE,
        Permission.REPORT_REVIEW,
        Permission.REPORT_ASSIGN,
        Permission.REPORT_ESCALATE,
        Permission.REPORT_CITE,
        Permission.CITIZEN_READ_PII,
        Permission.GEOFENCE_EDIT,
        Permission.MAP_EXPORT,
        Permission.REPORT_EXPORT,
        Permission.ANALYTICS_VIEW,
        Permission.INCIDENT_FILE,
        Permission.INCIDENT_RESPOND,
    }
)
_SUPERVISOR = _OFFICER | {
    Permission.INCIDENT_DISPATCH,
    Permission.UNIT_MANAGE,
    Permission.REPORT_REOPEN,
    Permission.REPORT_TAKE_OVER,
    Permission.REPORT_IMPORT,
    Permission.OFFICER_UNLOCK,
    Permission.AUDIT_READ,
    Permission.ANALYTICS_OFFICERS,
}
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CITIZEN: frozenset({Permission.REPORT_FILE, Permission.INCIDENT_FILE}),
    Role.OFFICER: _OFFICER,
    Role.SUPERVISOR: frozenset(_SUPERVISOR),
    Role.DISPATCHER: frozenset(
        {
            Permission.REPORT_READ,
            Permission.REPORT_FILE,
            Permission.INCIDENT_FILE,
            Permission.INCIDENT_RESPOND,
            Permission.INCIDENT_DISPATCH,
            Permission.UNIT_MANAGE,
            Permission.GEOFENCE_EDIT,
            Permission.MAP_EXPORT,
            Permission.REPORT_EXPORT,
            Permission.ANALYTICS_VIEW,
        }
    ),
    Role.ADMIN: frozenset(Permission),
    Role.SERVICE: frozenset({Permission.REPORT_FILE, Permission.INCIDENT_FILE}),
}


def may(role: Role, permission: Permission) -> bool:
    """Tell whether a role holds a permission."""
    return permission in ROLE_PERMISSIONS[role]
