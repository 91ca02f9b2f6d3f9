"""The server's settings, from the environment or a file; each fault is told in one sentence."""

import base64
import binascii
import os
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX: Final = "TRAFFICDESK_SERVER_"
FILE_VARIABLE: Final = f"{PREFIX}FILE"
_MIN_SECRET: Final = 12
_WELL_KNOWN: Final = frozenset(
    {"postgres", "password", "trafficdesk", "changeme", "secret", "admin", "example"}
)
_X25519_BYTES: Final = 32


class SettingsError(Exception):
    """The settings cannot be used; ``faults`` holds one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """Every setting; its variable is the name in capitals after ``TRAFFICDESK_SERVER_``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    database_url: str = Field(description="PostgreSQL with PostGIS, as the database's owner.")
    keys_dir: Path = Field(
        default=Path("/var/lib/trafficdesk-server/keys"),
        description="The folder of the server's own keys.",
    )
    media_dir: Path = Field(
        default=Path("/var/lib/trafficdesk-server/media"),
        description="The folder of photos and videos, sealed.",
    )
    media_free_bytes: int = Field(
        default=2**30, ge=0, description="What photos must leave free on their disk."
    )
    updates_dir: Path | None = Field(
        default=None, description="The folder of the repository of updates that desks fetch from."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8443, ge=0, le=65535, description="The port; 0 is any free one.")
    tls_certificate: Path | None = Field(default=None, description="Certificate chain, PEM.")
    tls_key: Path | None = Field(default=None, description="The certificate's key, PEM.")
    behind_tls_proxy: bool = Field(
        default=False, description="A proxy in front of the server ends TLS."
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Addresses whose X-Forwarded-For is believed, with commas."
    )
    it_public_key: str = Field(
        default="", description="Station IT's X25519 public key, base64; revoked desks seal to it."
    )
    pool_size: int = Field(default=10, ge=1, le=200, description="Connections to the database.")
    statement_timeout_s: int = Field(
        default=30, ge=1, le=600, description="The longest a statement may run."
    )
    max_body_bytes: int = Field(
        default=8 * 2**20, ge=1024, description="The largest body taken, as it travels."
    )
    max_unpacked_bytes: int = Field(
        default=64 * 2**20, ge=1024, description="The largest body taken, unpacked."
    )
    public_per_minute: int = Field(
        default=100, ge=1, description="Requests of one address before anybody is signed in."
    )
    user_per_minute: int = Field(default=1000, ge=1, description="Requests of one user.")
    key_per_minute: int = Field(default=10_000, ge=1, description="Requests of one program's key.")
    filings_per_minute: int = Field(
        default=5, ge=1, description="Reports and incidents that one citizen files."
    )
    positions_per_minute: int = Field(
        default=120, ge=1, description="Batches of units' positions of one desk."
    )
    bundles_per_minute: int = Field(
        default=10, ge=1, description="Bundles of other desks that one desk carries."
    )
    updates_per_minute: int = Field(
        default=10_000, ge=1, description="Files of updates that one address fetches."
    )
    sign_ins_per_minute: int = Field(
        default=10, ge=1, description="Sign-ins of one login from one address."
    )
    argon2_memory_mib: int = Field(
        default=64, ge=19, le=1024, description="Memory of one password's hash."
    )
    argon2_passes: int = Field(default=3, ge=2, le=64, description="Passes over that memory.")
    upkeep_minutes: int = Field(
        default=60,
        ge=0,
        le=1440,
        description="Between two rounds of upkeep; 0 leaves it to a timer.",
    )
    track_days: int = Field(
        default=7, ge=0, le=365, description="Days that the ways of units are kept; 0 keeps none."
    )
    escalate_s: int = Field(
        default=120,
        ge=10,
        le=3600,
        description="Seconds until an alert that nobody acknowledges is escalated.",
    )
    mail_host: str = Field(
        default="", description="The mail server that takes scheduled reports; none, and none goes."
    )
    mail_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    mail_tls: bool = Field(
        default=False, description="It is encrypted from the first word; else by STARTTLS."
    )
    mail_sender: str = Field(default="", description="Whom mails are from.")
    mail_login: str = Field(default="", description="Who signs in there; nobody if empty.")
    mail_password_file: Path | None = Field(
        default=None, description="The file whose first line is the password for it."
    )
    mail_ca_file: Path | None = Field(
        default=None, description="The only authority that its certificate may be of, PEM."
    )
    metrics_token: str = Field(
        default="", description="Bearer token of /metrics; without one only this machine reads it."
    )
    otlp_url: str = Field(
        default="", description="Where spans go, by OTLP over HTTP; none, and none is sent."
    )
    otlp_share: float = Field(
        default=1.0, ge=0, le=1, description="Of how many traces spans are sent, 1 being all."
    )
    log_level: str = Field(default="info", description="debug, info, warning or error.")
    development: bool = Field(
        default=False, description="Set by ./run alone: lets weak secrets pass on this machine."
    )

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level")
    @classmethod
    def _check_level(cls, value: str) -> str:
        if value not in {"debug", "info", "warning", "error"}:
            raise ValueError("must be debug, info, warning or error")
        return value

    @field_validator("otlp_url")
    @classmethod
    def _check_collector(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and not (parts.scheme in {"http", "https"} and parts.netloc):
            raise ValueError("must be such as http://127.0.0.1:4318/v1/traces")
        return value

    @field_validator("database_url")
    @classmethod
    def _check_scheme(cls, value: str) -> str:
        if urlsplit(value).scheme not in {"postgresql", "postgres"}:
            raise ValueError("must start with postgresql://")
        return value

    @field_validator("it_public_key")
    @classmethod
    def _check_public_key(cls, value: str) -> str:
        try:
            length = len(base64.b64decode(value, validate=True))
        except binascii.Error:
            length = -1
        if value and length != _X25519_BYTES:
            raise ValueError("must be 32 bytes in base64")
        return value

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        if self.mail_host and not self.mail_sender:
            raise ValueError("MAIL_SENDER must be set together with MAIL_HOST")
        faults = [*self._tls_faults(), *([] if self._may_be_weak else self._secret_faults())]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @property
    def is_loopback(self) -> bool:
        """Tell whether only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def _may_be_weak(self) -> bool:
        return self.development and self.is_loopback

    def _tls_faults(self) -> list[str]:
        faults = []
        if bool(self.tls_certificate) != bool(self.tls_key):
            faults.append("TLS_CERTIFICATE and TLS_KEY must be set together")
        for name in ("tls_certificate", "tls_key"):
            path = getattr(self, name)
            if path is not None and not path.is_file():
                faults.append(f"{name.upper()}: there is no file {path}")
        if not (self.tls_certificate or self.behind_tls_proxy or self.is_loopback):
            faults.append(
                f"HOST: {self.host} is not this machine alone, so TLS_CERTIFICATE and TLS_KEY, "
                "or BEHIND_TLS_PROXY, must be set"
            )
        if self.development and not self.is_loopback:
            faults.append("DEVELOPMENT: must not be set on an address others can reach")
        return faults

    def _secret_faults(self) -> list[str]:
        faults = []
        parts = urlsplit(self.database_url)
        password = unquote(parts.password or "")
        # Without a host it is a Unix socket, where the system says who is there.
        if (parts.hostname or password) and _is_weak(password):
            faults.append(
                "DATABASE_URL: its password is a well-known one or shorter than "
                f"{_MIN_SECRET} characters"
            )
        if self.metrics_token and _is_weak(self.metrics_token):
            faults.append(f"METRICS_TOKEN: must have at least {_MIN_SECRET} characters")
        return faults


def _is_weak(secret: str) -> bool:
    return len(secret) < _MIN_SECRET or secret.lower() in _WELL_KNOWN or len(set(secret)) == 1


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings. Raises ``SettingsError`` with a sentence for every fault."""
    file = environment.get(FILE_VARIABLE)
    if file is not None and not os.access(file, os.R_OK):
        why = "may not be read by this user" if Path(file).exists() else "is not there"
        raise SettingsError([f"{FILE_VARIABLE}: the file {file} {why}."])
    faults = [*_unknown(environment), *_misnamed(file)]
    from_file = SettingsConfigDict(env_file=file)
    try:
        settings: Settings = type("Settings", (Settings,), {"model_config": from_file})()
    except ValidationError as error:
        raise SettingsError([*faults, *_sentences(error)]) from None
    if faults:
        raise SettingsError(faults)
    return settings


def _unknown(environment: Mapping[str, str]) -> list[str]:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {FILE_VARIABLE}
    return [
        f"{name}: there is no such setting."
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in known
    ]


def _misnamed(file: str | None) -> list[str]:
    """Find the lines of the file that name no setting: they would be passed over in silence."""
    return [
        f"{name}: every line of {file} names a setting with {PREFIX} before it."
        for name in (dotenv_values(file) if file else {})
        if not name.startswith(PREFIX)
    ]


def _sentences(error: ValidationError) -> list[str]:
    told = []
    for fault in error.errors():
        said = fault["msg"].removeprefix("Value error, ")
        name = str(fault["loc"][0]).upper().removeprefix(PREFIX) if fault["loc"] else ""
        if fault["type"] == "missing":
            said = "must be set"
        elif fault["type"] == "extra_forbidden":
            said = "there is no such setting"
        for line in said.splitlines():
            text = f"{name}: {line[0].lower()}{line[1:]}" if name else line
            told.append(f"{PREFIX}{text}.")
    return told
