"""Addresses of the audit."""

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from sync_server.accounts.service import TheCaller
from sync_server.audit import service
from sync_server.audit.reads import Read, What, note_read
from sync_server.http.context import TheServer
from sync_server.http.replies import described, reply
from trafficdesk.domain.permissions import Permission

router = APIRouter(prefix="/api/v1", tags=["audit"])
_NEWEST = 2**62


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the audit; ``hash`` (hex) follows from it and the entry before."""

    chain: UUID
    seq: int
    at_ms: int
    actor_id: UUID | None
    device_id: UUID | None
    action: str
    subject: str
    detail: dict[str, object]
    request_id: str
    hash: str


@router.get("/audit", openapi_extra=described(None, list[AuditEntry]))
def entries(
    request: Request,
    server: TheServer,
    caller: TheCaller,
    before: Annotated[int, Query(ge=1, le=_NEWEST)] = _NEWEST,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Return one's agency's audit, the newest first. Needs ``audit.read``."""
    caller.require(Permission.AUDIT_READ)
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        found = service.newest(connection, caller.tenant_id, before, limit)
    asked = {"before": found[0]["seq"] + 1} if found else {}
    note_read(server, caller, Read(what=What.AUDIT, count=len(found), asked=asked))
    told = [{**entry, "hash": bytes(entry["hash"]).hex()} for entry in found]
    return reply(request, msgspec.convert(told, list[AuditEntry]))
