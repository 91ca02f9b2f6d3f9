"""Photos for tests, a report that names them, and the words of tus to bring them."""

import base64
import hashlib
import io
import secrets
from collections.abc import Mapping
from uuid import UUID

import requests
from PIL import Image

from sync_server.db.engine import Crossing
from tests.server.sync.crews import needed
from tests.server.sync.town import AT_MS, report_changes
from tests.server.world import Client, World
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.exchange import PushRequest
from trafficdesk.wire.operations import Operation

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}


def picture(kind: str = "JPEG", side: int = 400) -> bytes:
    """Return a picture that no other test has."""
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), secrets.token_bytes(3 * side * side)).save(out, kind)
    return out.getvalue()


def digest_of(content: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def facts(content: bytes, **changes: object) -> dict[str, object]:
    """Return what a report says of a photo."""
    told: dict[str, object] = {
        "id": str(new_id()),
        "sha256": digest_of(content),
        "kind": "photo",
        "mime": "image/jpeg",
        "size_bytes": len(content),
        "width": 400,
        "height": 400,
    }
    return {**told, **changes}


def file_report(world: World, client: Client, *media: dict[str, object], **values: object) -> UUID:
    """Push a report that names media; return its id."""
    given = {"media": list(media), **values}
    changes = report_changes(world.city_id, world.station_id, **given)
    return _file(world, client, "report", changes)


def file_incident(
    world: World, client: Client, *media: dict[str, object], **values: object
) -> UUID:
    """Push an incident that names media; return its id."""
    place = {"city_id": str(world.city_id), "station_id": str(world.station_id)}
    given = {**place, **needed("incident"), "media": list(media), **values}
    changes = {name: (None, value) for name, value in given.items()}
    return _file(world, client, "incident", changes)


def _file(
    world: World, client: Client, entity: str, changes: Mapping[str, tuple[object, object]]
) -> UUID:
    assert client.desk is not None
    operation = Operation(
        op_id=new_id(),
        action_id=new_id(),
        entity=entity,
        entity_id=new_id(),
        action="file",
        base_version=0,
        revision=1,
        changes=dict(changes),
        note="",
        actor_id=_officer_of(world, client),
        device_id=client.desk.id,
        at_ms=AT_MS,
    )
    answer = client.post("/sync/push", PushRequest(protocol=1, operations=[operation]))
    assert answer.ok, answer.text
    told = answer.json()
    client.desk.turn = told["turn"]
    assert told["outcomes"][0]["result"] == "applied", told
    return operation.entity_id


def _officer_of(world: World, client: Client) -> UUID:
    assert client.desk is not None
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        found = connection.execute(
            "SELECT user_id FROM device_users WHERE device_id = %s", [client.desk.id]
        ).fetchone()
    assert found is not None
    return UUID(str(found["user_id"]))


def announce(world: World, client: Client, content: bytes, **headers: str) -> requests.Response:
    """Ask to bring a file; ``headers`` go over what is said."""
    told = {"city": str(world.city_id), "sha256": digest_of(content)}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items())
    said = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    return client.send("POST", "/media", **{**said, **headers})


def path_of(answer: requests.Response) -> str:
    """Return where an upload is, below the API."""
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"].removeprefix("/api/v1")


def send(client: Client, path: str, offset: int, piece: bytes, **headers: str) -> requests.Response:
    """Bring a piece of a file."""
    said = {**PIECE, "Upload-Offset": str(offset)}
    return client.send("PATCH", path, piece, **{**said, **headers})


def bring(world: World, client: Client, content: bytes, piece: int = 100_000) -> requests.Response:
    """Bring a whole file in pieces; return the last answer."""
    path = path_of(answer := announce(world, client, content))
    for offset in range(int(answer.headers["Upload-Offset"]), len(content), piece):
        answer = send(client, path, offset, content[offset : offset + piece])
        if answer.status_code != 204:
            break
    return answer
