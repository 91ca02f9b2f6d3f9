"""Settings come from the environment or a file, and each fault is told in one sentence."""

import re
from pathlib import Path

import pytest

from sync_server.settings import PREFIX, Settings, SettingsError, load_settings

GOOD = {"DATABASE_URL": "postgresql://owner:a-long-password-7@db/desk"}
PAGE = Path(__file__).parents[3] / "sync_server" / "OPERATIONS.md"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [f"{PREFIX}{field.upper()}" for field in Settings.model_fields]:
        monkeypatch.delenv(name, raising=False)


def faults(monkeypatch: pytest.MonkeyPatch, **settings: str) -> list[str]:
    """Return what is wrong with settings, without the prefix."""
    for name, value in (GOOD | settings).items():
        monkeypatch.setenv(PREFIX + name, value)
    try:
        load_settings()
    except SettingsError as error:
        return [fault.removeprefix(PREFIX) for fault in error.faults]
    return []


def test_an_address_of_the_database_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(monkeypatch) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL: must start with postgresql://."),
        ({"PORT": "70000"}, "PORT: input should be less than or equal to 65535."),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL: must be debug, info, warning or error."),
        ({"IT_PUBLIC_KEY": "AAAA"}, "IT_PUBLIC_KEY: must be 32 bytes in base64."),
        (
            {"OTLP_URL": "127.0.0.1:4318"},
            "OTLP_URL: must be such as http://127.0.0.1:4318/v1/traces.",
        ),
        ({"OTLP_SHARE": "2"}, "OTLP_SHARE: input should be less than or equal to 1."),
        ({"PROT": "1"}, "PROT: there is no such setting."),
        ({"TLS_KEY": "/nowhere"}, "TLS_CERTIFICATE and TLS_KEY must be set together."),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN: must have at least 12 characters."),
        (
            {"DEVELOPMENT": "1", "HOST": "10.0.0.1", "BEHIND_TLS_PROXY": "1"},
            "DEVELOPMENT: must not be set on an address others can reach.",
        ),
        (
            {"HOST": "10.0.0.1"},
            (
                "HOST: 10.0.0.1 is not this machine alone, so TLS_CERTIFICATE and TLS_KEY, "
                "or BEHIND_TLS_PROXY, must be set."
            ),
        ),
    ],
)
def test_each_fault_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    monkeypatch.delenv(f"{PREFIX}PROT", raising=False)
    assert said in faults(monkeypatch, **settings)


@pytest.mark.parametrize("password", ["", "postgres", "changeme", "short", "aaaaaaaaaaaaaaaa"])
def test_a_weak_password_of_the_database_is_refused_but_in_development(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    url = f"postgresql://owner:{password}@db/desk"
    (fault,) = faults(monkeypatch, DATABASE_URL=url)
    assert fault.startswith("DATABASE_URL: its password")
    assert password not in fault or not password or password == "short"
    assert faults(monkeypatch, DATABASE_URL=url, DEVELOPMENT="1") == []


def test_a_unix_socket_needs_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://owner@/desk?host=/run/postgresql"
    assert faults(monkeypatch, DATABASE_URL=url) == []


def test_a_file_serves_as_well_and_the_environment_goes_over_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = [f"{PREFIX}DATABASE_URL={GOOD['DATABASE_URL']}", f"{PREFIX}PORT=1", f"{PREFIX}HOST=::1"]
    (tmp_path / "server.env").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv(f"{PREFIX}FILE", str(tmp_path / "server.env"))
    monkeypatch.setenv(f"{PREFIX}PORT", "2")
    settings = load_settings()
    assert (settings.host, settings.port) == ("::1", 2)
    monkeypatch.setenv(f"{PREFIX}FILE", "/nowhere")
    with pytest.raises(SettingsError, match="the file /nowhere is not there"):
        load_settings()


def test_a_line_of_the_file_that_names_no_setting_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = [f"{PREFIX}DATABASE_URL={GOOD['DATABASE_URL']}", "# a note", "IT_PUBLIC_KEY=AAAA"]
    (tmp_path / "server.env").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv(f"{PREFIX}FILE", str(tmp_path / "server.env"))
    with pytest.raises(SettingsError) as refused:
        load_settings()
    (fault,) = refused.value.faults
    assert fault.startswith("IT_PUBLIC_KEY: ")
    assert f"{PREFIX} before it" in fault


def test_the_page_for_operators_lists_every_setting_with_its_default() -> None:
    told = re.findall(
        r"^\| `([A-Z0-9_]+)` \| (.*?) \| (.*?) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    expected = [
        (name.upper(), _default(field.default, required=field.is_required()), field.description)
        for name, field in Settings.model_fields.items()
    ]
    assert told == expected


def _default(value: object, *, required: bool) -> str:
    if required:
        return "must be set"
    return f"`{value}`" if value not in (None, "", ()) else "none"
