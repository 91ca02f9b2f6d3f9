"""The policy of a machine: ``resources/policy.schema.json`` is made of these, and IT reads that.

A section that is left out leaves its matter to the people at the desk. A word that a section does
not know may be a slip of IT's pen, so it is refused.
"""

from typing import Annotated, Final, Literal

import msgspec

from trafficdesk.policy.bounds import (
    LEAST_CHARACTERS,
    MOST_CHARACTERS,
    MOST_IDLE_MINUTES,
    MOST_POSITION_DAYS,
    Channel,
)

_ABSOLUTE: Final = r"^(/|[A-Za-z]:[\\/]|\\\\)"
_SOURCE: Final = rf"^(server|off)$|{_ABSOLUTE}"
_Path = Annotated[str, msgspec.Meta(pattern=_ABSOLUTE, max_length=4096)]
ExportFormat = Literal[
    "html", "png", "csv", "xlsx", "json", "geojson", "gpkg", "kml", "parquet", "pdf", "svg"
]


class ServerRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The server that a desk of this machine joins; no other can be named at its set-up."""

    address: Annotated[
        str,
        msgspec.Meta(pattern="^https://", max_length=2048, description="As https://sync.example."),
    ]
    ca_file: Annotated[
        _Path | None, msgspec.Meta(description="PEM file of the only authority to be trusted.")
    ] = None
    proxy: Annotated[str, msgspec.Meta(max_length=2048, description="Proxy to reach it by.")] = ""


class EnrolmentRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a new desk gets in without anybody typing a token."""

    token_file: Annotated[
        _Path, msgspec.Meta(description="The one-time token; the file is removed once it is spent.")
    ]


class LockRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a desk locks, and what opens it."""

    idle_minutes: Annotated[
        int,
        msgspec.Meta(
            ge=1,
            le=MOST_IDLE_MINUTES,
            description="Minutes without a key at most; officers may choose fewer.",
        ),
    ] = MOST_IDLE_MINUTES
    keyring: Annotated[
        bool, msgspec.Meta(description="Whether the system's keyring may open a desk.")
    ] = True


class PasswordRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a new password must be; those in use stay until they are changed."""

    min_characters: Annotated[
        int,
        msgspec.Meta(
            ge=LEAST_CHARACTERS, le=MOST_CHARACTERS, description="Characters that it has at least."
        ),
    ] = LEAST_CHARACTERS


class ExportRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be taken out of a desk as a file."""

    formats: Annotated[
        tuple[ExportFormat, ...], msgspec.Meta(description="The only formats offered; may be none.")
    ]


class PositionRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a patrol laptop hears its position from."""

    source: Annotated[
        str,
        msgspec.Meta(
            max_length=4096,
            description="As in settings.json: off, gpsd, serial:PORT, qt and so on.",
        ),
    ] = "off"
    keep_days: Annotated[
        int, msgspec.Meta(ge=0, le=MOST_POSITION_DAYS, description="Days its own way is kept.")
    ] = 7


class BaseMapRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """City maps that IT lays on the machine for everybody."""

    folder: Annotated[
        _Path, msgspec.Meta(description="Folder of map packs, as basemap build leaves them.")
    ]


class MailRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mail server that takes the reports which come round; the line is always encrypted."""

    host: Annotated[str, msgspec.Meta(min_length=1, max_length=253, description="Its name.")]
    sender: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[^\s@<>,]+@[^\s@<>,]+$", max_length=254, description="Whom mails are from."
        ),
    ]
    port: Annotated[int, msgspec.Meta(ge=1, le=65535, description="Its port.")] = 587
    tls: Annotated[
        bool,
        msgspec.Meta(description="Whether it is encrypted from the first word; else by STARTTLS."),
    ] = False
    login: Annotated[
        str, msgspec.Meta(max_length=254, description="Who signs in there; nobody if empty.")
    ] = ""
    password_file: Annotated[
        _Path | None,
        msgspec.Meta(description="File with the password; without it the system's keyring has it."),
    ] = None
    ca_file: Annotated[
        _Path | None, msgspec.Meta(description="PEM file of the only authority to be trusted.")
    ] = None


class UpdateRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a machine has newer versions of the desk from, and which."""

    source: Annotated[
        str,
        msgspec.Meta(
            pattern=_SOURCE,
            max_length=4096,
            description="server, for that of the section server; a folder; or off.",
        ),
    ] = "server"
    channel: Annotated[
        Channel, msgspec.Meta(description="What is stable, or also what is tried on pilots.")
    ] = "stable"


class Policy(msgspec.Struct, frozen=True):
    """All of it. Sections that a later version knows are passed over, and told."""

    server: ServerRules | None = None
    enrolment: EnrolmentRules | None = None
    lock: LockRules = LockRules()
    passwords: PasswordRules = PasswordRules()
    exports: ExportRules | None = None
    position: PositionRules | None = None
    base_maps: BaseMapRules | None = None
    mail: MailRules | None = None
    updates: UpdateRules = UpdateRules()


# A desk does not open on a policy whose words on these cannot be understood; of the others it
# says so and goes on without them.
SECURITY: Final = frozenset({"server", "enrolment", "lock", "passwords", "exports"})
