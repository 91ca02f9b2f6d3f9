"""Request bundles of desks that have no store: a head and operations, signed and sealed."""

import msgspec
import requests

from tests.server.world import Client, Desk, World
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.boxes import new_private_key, public_key_of
from trafficdesk.wire.bundles import (
    TYPE,
    AnswerHead,
    Kind,
    Part,
    RequestHead,
    Signer,
    close_bundle,
    head_of,
    open_bundle,
    packed,
)
from trafficdesk.wire.exchange import SPOKEN, Hello, PushRequest

NOTHING = msgspec.json.encode(PushRequest(protocol=SPOKEN[1], operations=[]))


class Asking:
    """A desk that writes requests and opens their answers."""

    def __init__(self, world: World, desk: Desk) -> None:
        self.world = world
        self.desk = desk
        self.private_key = new_private_key()

    def request(self, number: int = 1, push: bytes = NOTHING, **changes: object) -> bytes:
        """Write a request with a part of operations; ``changes`` are to its head."""
        head = RequestHead(
            bundle_id=new_id(),
            number=number,
            tenant_id=self.desk.enrolled.tenant_id,
            device_id=self.desk.id,
            made_ms=0,
            hello=Hello(speaks=SPOKEN, program="test"),
            protocol=SPOKEN[1],
            answer_key=public_key_of(self.private_key),
        )
        head = msgspec.structs.replace(head, **changes)
        parts = [(Part.HEAD, msgspec.json.encode(head)), (Part.PUSH, push)]
        signer = Signer(self.desk.id, self.desk.key.sign)
        key = self.world.live.server.keys.sealing_public_key
        return close_bundle(Kind.REQUEST, key, signer, packed(parts))

    def head_of(self, answer: bytes) -> AnswerHead:
        """Open an answer, prove that it is the server's, and return its head."""
        opened = open_bundle(answer, self.private_key, [Kind.ANSWER])
        opened.prove(self.desk.enrolled.server_public_key)
        return head_of(opened.content, AnswerHead)


def hand_in(courier: Client, bundle: bytes) -> requests.Response:
    """Carry a bundle."""
    return courier.send("POST", "/sync/bundles", bundle, **{"Content-Type": TYPE})
