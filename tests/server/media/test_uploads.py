"""Files come in pieces over bad lines, once, whole, and only where a report names them."""

import socket
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from sync_server.db.engine import Crossing
from sync_server.media import service
from tests.server.live import Live, running, settings_for
from tests.server.media.photos import (
    PIECE,
    TUS,
    announce,
    bring,
    digest_of,
    facts,
    file_report,
    path_of,
    picture,
    send,
)
from tests.server.world import API, Client, World, code_of
from trafficdesk.domain.times import utc_now


def on_disk(world: World) -> list[Path]:
    """Return every file of a city's media."""
    folder = world.live.server.settings.media_dir / str(world.city_id)
    return [found for found in folder.rglob("*") if found.is_file()]


def rows(world: World, table: str) -> int:
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        query = f"SELECT count(*) AS n FROM {table} WHERE city_id = %s"
        found = connection.execute(query.encode(), [world.city_id]).fetchone()
    assert found is not None
    return int(found["n"])


def test_what_is_spoken_of_tus_is_told_to_anybody(world: World) -> None:
    answer = requests.options(f"{world.live.url}{API}/media", timeout=10)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,checksum,expiration,termination"
    assert int(answer.headers["Tus-Max-Size"]) == 50 * 2**20


def test_a_file_brought_in_pieces_comes_back_as_it_was(world: World, desk: Client) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    path = path_of(answer := announce(world, desk, content))
    assert answer.headers["Upload-Offset"] == "0"
    assert "GMT" in answer.headers["Upload-Expires"]
    assert send(desk, path, 0, content[:70_000]).headers["Upload-Offset"] == "70000"
    stands = desk.send("HEAD", path, **TUS)
    assert (stands.status_code, stands.headers["Upload-Offset"]) == (200, "70000")
    done = send(desk, path, 70_000, content[70_000:])
    assert (done.status_code, done.headers["Upload-Offset"]) == (204, str(len(content)))
    fetched = desk.get(f"/media/{digest_of(content)}")
    assert fetched.content == content
    assert fetched.headers["Content-Type"] == "image/jpeg"
    assert desk.send("HEAD", path, **TUS).status_code == 404


def test_nothing_on_the_disk_can_be_read_without_the_key(world: World, desk: Client) -> None:
    content = picture("PNG")
    file_report(world, desk, facts(content))
    path = path_of(announce(world, desk, content))
    send(desk, path, 0, content[:-1])
    (half,) = on_disk(world)
    assert content[2000:2032] not in half.read_bytes()
    send(desk, path, len(content) - 1, content[-1:])
    (whole,) = on_disk(world)
    assert whole.name == digest_of(content)
    assert content[2000:2032] not in whole.read_bytes()
    assert whole.stat().st_mode & 0o077 == 0


def test_an_upload_begun_twice_is_the_same_one(world: World, desk: Client) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    path = path_of(announce(world, desk, content))
    send(desk, path, 0, content[:1000])
    again = announce(world, desk, content)
    assert path_of(again) == path
    assert again.headers["Upload-Offset"] == "1000"


def test_a_stored_file_is_an_upload_at_its_end(world: World, desk: Client) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    assert bring(world, desk, content).status_code == 204
    again = announce(world, desk, content)
    assert again.headers["Upload-Offset"] == str(len(content))
    told = desk.send("HEAD", path_of(again), **TUS)
    assert told.headers["Upload-Offset"] == told.headers["Upload-Length"] == str(len(content))
    assert (rows(world, "media"), rows(world, "media_uploads")) == (1, 0)


def test_a_piece_at_another_byte_is_refused_and_told_which(world: World, desk: Client) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    path = path_of(announce(world, desk, content))
    send(desk, path, 0, content[:500])
    for offset in (0, 499, 501):
        answer = send(desk, path, offset, content[offset : offset + 100])
        assert (answer.status_code, code_of(answer)) == (409, "wrong_offset")
        assert answer.headers["Upload-Offset"] == "500"
    assert send(desk, path, 500, content[500:] + b"more").status_code == 400
    assert send(desk, path, 500, content[500:]).status_code == 204
    assert desk.get(f"/media/{digest_of(content)}").content == content


def test_what_a_kill_left_beyond_the_acknowledged_is_written_over(
    world: World, desk: Client
) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    path = path_of(announce(world, desk, content))
    send(desk, path, 0, content[:500])
    (half,) = on_disk(world)
    half.write_bytes(half.read_bytes() + b"a piece whose transaction never committed")
    assert send(desk, path, 500, content[500:]).status_code == 204
    assert desk.get(f"/media/{digest_of(content)}").content == content


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"Upload-Checksum": "sha256 AAAA"}, 460),
        ({"Upload-Checksum": "sha256 ?"}, 400),
        ({"Upload-Checksum": "crc32 AAAA"}, 400),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "none"}, 400),
        ({"Content-Type": "application/json"}, 415),
        ({"Content-Encoding": "zstd"}, 415),
        ({"Tus-Resumable": "0.2.2"}, 412),
    ],
)
def test_a_piece_that_is_not_as_it_should_be_changes_nothing(
    world: World, desk: Client, changes: dict[str, str], status: int
) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    path = path_of(announce(world, desk, content))
    assert send(desk, path, 0, content[:500], **changes).status_code == status
    assert desk.send("HEAD", path, **TUS).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    "changes",
    [
        {"Upload-Length": "0"},
        {"Upload-Length": "many"},
        {"Upload-Metadata": ""},
        {"Upload-Metadata": "city"},
        {"Upload-Metadata": "city ?,sha256 ?"},
        {"Upload-Metadata": "city AAAA,sha256 AAAA"},
    ],
)
def test_an_upload_that_is_announced_wrongly_is_refused(
    world: World, desk: Client, changes: dict[str, str]
) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    answer = announce(world, desk, content, **changes)
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")


def test_what_no_report_names_is_not_taken(world: World, desk: Client) -> None:
    answer = announce(world, desk, picture())
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


def test_only_the_first_ten_files_of_a_report_are_taken(world: World, desk: Client) -> None:
    contents = [picture(side=40) for _ in range(11)]
    file_report(world, desk, *map(facts, contents))
    taken = [announce(world, desk, content).status_code for content in contents]
    assert taken == [201] * 10 + [404]


def test_a_file_of_another_size_than_was_reported_is_refused(world: World, desk: Client) -> None:
    content = picture()
    file_report(world, desk, facts(content, size_bytes=len(content) + 1))
    answer = announce(world, desk, content)
    assert (answer.status_code, code_of(answer)) == (422, "wrong_content")


def test_too_large_files_are_refused_before_a_byte_is_sent(world: World, desk: Client) -> None:
    content = picture()
    sizes = {"photo": 10 * 2**20 + 1, "video": 50 * 2**20 + 1}
    for kind, size_bytes in sizes.items():
        file_report(world, desk, facts(content, kind=kind, size_bytes=size_bytes))
        answer = announce(world, desk, content, **{"Upload-Length": str(size_bytes)})
        assert (answer.status_code, code_of(answer)) == (413, "too_large")


def test_a_file_with_another_content_is_gone_with_its_upload(world: World, desk: Client) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    path = path_of(announce(world, desk, content))
    spoiled = content[:-1] + bytes((content[-1] ^ 1,))
    answer = send(desk, path, 0, spoiled)
    assert (answer.status_code, code_of(answer)) == (422, "wrong_content")
    assert on_disk(world) == []
    assert (rows(world, "media"), rows(world, "media_uploads")) == (0, 0)
    assert bring(world, desk, content).status_code == 204


def test_a_piece_that_was_changed_on_the_disk_is_found(world: World, desk: Client) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    path = path_of(announce(world, desk, content))
    send(desk, path, 0, content[:500])
    (half,) = on_disk(world)
    half.write_bytes(bytes(half.stat().st_size))
    assert code_of(send(desk, path, 500, content[500:])) == "wrong_content"
    assert bring(world, desk, content).status_code == 204


def test_an_upload_that_is_given_up_leaves_nothing(world: World, desk: Client) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    path = path_of(announce(world, desk, content))
    send(desk, path, 0, content[:500])
    assert desk.send("DELETE", path, **TUS).status_code == 204
    assert (on_disk(world), rows(world, "media_uploads")) == ([], 0)


def test_half_files_expire(world: World, desk: Client) -> None:
    content, other = picture(), picture()
    file_report(world, desk, facts(content), facts(other))
    path, lasting = (path_of(announce(world, desk, each)) for each in (content, other))
    send(desk, path, 0, content[:500])
    send(desk, lasting, 0, other[:500])
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute(
            "UPDATE media_uploads SET expires_at = now() WHERE sha256 = %s", [digest_of(content)]
        )
    assert send(desk, path, 500, content[500:]).status_code == 404
    assert service.expire_uploads(world.live.server) >= 1
    assert (len(on_disk(world)), rows(world, "media_uploads")) == (1, 1)


def test_what_a_kill_left_on_the_disk_is_swept_when_it_is_old(world: World, desk: Client) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    path_of(announce(world, desk, content))
    folder = service.folder_of(world.live.server)
    parts = folder.root / str(world.city_id) / "uploads"
    parts.mkdir(parents=True)
    (parts / "left.part").write_bytes(b"half")
    assert folder.sweep(utc_now() - timedelta(days=1)) == 0
    assert folder.sweep(utc_now() + timedelta(days=1)) >= 1
    assert on_disk(world) == []


def test_two_desks_that_bring_the_same_file_at_once_both_succeed(world: World) -> None:
    content, desks = picture(side=700), [world.desk_of(), world.desk_of()]
    for desk in desks:
        file_report(world, desk, facts(content))
    answers = list[requests.Response]()
    start = threading.Barrier(2)

    def work(desk: Client) -> None:
        start.wait()
        answers.append(bring(world, desk, content, 300_000))

    threads = [threading.Thread(target=work, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {201, 204}
    assert all(answer.headers["Upload-Offset"] == str(len(content)) for answer in answers)
    assert len(on_disk(world)) == 1
    assert (rows(world, "media"), rows(world, "media_uploads")) == (1, 0)
    assert desks[0].get(f"/media/{digest_of(content)}").content == content


def test_two_pieces_for_the_same_byte_at_once_count_once(world: World, desk: Client) -> None:
    content = picture(side=700)
    file_report(world, desk, facts(content))
    path = path_of(announce(world, desk, content))
    answers = list[int]()
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        answers.append(send(desk, path, 0, content[:200_000]).status_code)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [204, 409, 409, 409]
    assert send(desk, path, 200_000, content[200_000:]).status_code == 204
    assert desk.get(f"/media/{digest_of(content)}").content == content


def test_a_full_disk_is_told_and_nothing_begun_is_lost(database_url: str, tmp_path: Path) -> None:
    content = picture()
    with running(settings_for(database_url, tmp_path)) as live:
        world = World(live)
        desk = world.desk_of()
        file_report(world, desk, facts(content))
        path = path_of(announce(world, desk, content))
        assert send(desk, path, 0, content[:500]).status_code == 204
    full = settings_for(database_url, tmp_path, media_free_bytes=2**62)
    with running(full) as live:
        answer = send(_moved(desk, live), path, 500, content[500:])
        assert (answer.status_code, code_of(answer)) == (507, "storage_full")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Retry-After"] == "300"
        assert announce(world, _moved(desk, live), content).status_code == 507
    with running(settings_for(database_url, tmp_path)) as live:
        assert send(_moved(desk, live), path, 500, content[500:]).status_code == 204


def _moved(desk: Client, live: Live) -> Client:
    """Return the same desk, calling where the server is now."""
    return Client(live.url, desk.token, desk.desk)


def test_a_piece_cut_off_in_its_midst_counts_as_nothing(world: World, desk: Client) -> None:
    content = picture()
    file_report(world, desk, facts(content))
    path = path_of(announce(world, desk, content))
    assert desk.desk is not None
    headers = {
        **desk.desk.signed("PATCH", API + path, content),
        **PIECE,
        "Host": "desk",
        "Authorization": f"Bearer {desk.token}",
        "Upload-Offset": "0",
        "Content-Length": str(len(content)),
    }
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    place = urlsplit(world.live.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as line:
        line.sendall(f"PATCH {API}{path} HTTP/1.1\r\n{told}\r\n".encode() + content[:1000])
    assert desk.send("HEAD", path, **TUS).headers["Upload-Offset"] == "0"
    assert send(desk, path, 0, content).status_code == 204
