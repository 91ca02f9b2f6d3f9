"""What may be said of bundles: of a desk's own, and of those that it carries for others."""

from collections.abc import Mapping

BUNDLES: Mapping[str, str] = {
    # this desk's own
    "bundle.not_a_bundle": "This file is no bundle. Choose the file that the server wrote.",
    "bundle.too_new": "This bundle was written by a newer program. Update this one.",
    "bundle.wrong_kind": "This bundle goes the other way: a desk takes in answers of the server.",
    "bundle.cut_short": "This bundle is cut short; nothing of it was taken in. Copy it again.",
    "bundle.too_big": "This bundle is larger than any bundle may be; nothing of it was taken in.",
    "bundle.other_receiver": "This bundle is for another desk, or for a request this desk has "
    "forgotten; it cannot be opened here. Write a new one with: trafficdesk bundle export FILE",
    "bundle.damaged": "This bundle was changed or damaged; nothing of it was taken in. Copy it "
    "again, or have the server write it again.",
    "bundle.forged": "This bundle was not written by this desk's server; nothing of it was taken "
    "in. Tell station IT.",
    "bundle.other_tenant": "This bundle belongs to another agency; nothing of it was taken in.",
    "bundle.other_device": "This bundle answers another desk; nothing of it was taken in.",
    "bundle.replayed": "This answer was taken in before; nothing was changed.",
    "bundle.older": "This answer is older than what this desk has heard since; nothing was "
    "changed. Write a new bundle with: trafficdesk bundle export FILE",
    "bundle.not_enrolled": "This desk is not enrolled with a server: there is nobody to exchange "
    "bundles with.",
    "bundle.no_server_key": "This desk was enrolled when the server had no key for bundles. Let "
    "station IT enrol it anew.",
    "bundle.no_it_key": "The server named no key of station IT's: what is not sent stays here. "
    "Tell station IT.",
    # carried for others
    "carry.unreadable": "{path} cannot be read: {detail}.",
    "carry.no_folder": "There is no folder {path} for the answer. Nothing was carried; name "
    "another with --to.",
    "carry.not_a_bundle": "This file is no bundle. Choose the file that your colleague's desk "
    "wrote.",
    "carry.wrong_kind": "This bundle is none that a desk asks the server with. Choose the file "
    "that your colleague's desk wrote with: trafficdesk bundle export FILE",
    "carry.cut_short": "This bundle is cut short; nothing of it was taken in. Copy it again.",
    "carry.too_big": "This bundle is larger than any bundle may be. Nothing was carried.",
    "carry.other_receiver": "This bundle is for another server than this desk's. Carry it at a "
    "desk of that server.",
    "carry.damaged": "This bundle was changed or damaged; nothing of it was taken in. Have it "
    "written again: trafficdesk bundle export FILE",
    "carry.forged": "This bundle was not signed by the desk it names; nothing of it was taken in. "
    "Tell station IT.",
    "carry.other_tenant": "This bundle names another agency than its desk's; nothing of it was "
    "taken in. Tell station IT.",
    "carry.other_device": "This bundle names another desk than the one that signed it; nothing of "
    "it was taken in. Tell station IT.",
    "carry.unknown_device": "The server knows no such desk in this agency; nothing was taken in.",
    "carry.revoked": "The desk that wrote this bundle was revoked: the server takes nothing from "
    "it. Tell station IT.",
    "carry.older": "The server has a newer bundle of that desk, with all that is in this one. "
    "Have it write another: trafficdesk bundle export FILE",
    "carry.replayed": "The server has taken this bundle in before. Carry it again later.",
    "carry.copied": "Two bundles of that desk have the same number: it was copied, or an old disk "
    "was put back. Nothing was taken in; let station IT enrol it anew.",
    "carry.too_new": "This bundle was written by a newer program than this desk's or the "
    "server's. Let station IT update the older one.",
    "carry.too_old": "The program of the desk that wrote this bundle is too old for the server. "
    "Let station IT update it, then have it write another.",
    "carry.not_enrolled": "This desk is not enrolled with a server: it can carry nothing there.",
    "carry.no_contact": "The server gave no answer ({detail}). The bundle is where it was; carry "
    "it again, for it counts once.",
    "carry.busy": "The server is busy, or was asked too often. Carry the bundle again in "
    "{wait_s} s; it is where it was.",
    "carry.sign_in_needed": "Nobody is signed in to the server at this desk any more. Open the "
    "desk, sign in there, and carry the bundle again; it is where it was.",
    "carry.no_route": "This server takes no bundles from couriers yet. Let station IT update it, "
    "or take the bundle to the server itself; it is where it was.",
    "carry.too_large_here": "The server, or a proxy in front of it, takes no file of that size. "
    "Tell station IT; the bundle is where it was.",
    "carry.refused": "The server refuses it ({detail}). The bundle is where it was. Tell station "
    "IT.",
    "carry.unwritten": "The server has taken the bundle in, but its answer could not be written "
    "to {path}: {detail}. Carry it again with --to FOLDER; it counts once.",
}
