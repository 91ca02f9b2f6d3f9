"""Every stable code as one sentence that says what happened and what to do."""

from collections.abc import Mapping

from trafficdesk.cli.bundle_sentences import BUNDLES

_RESTORE = "Restore the latest backup with: trafficdesk store restore FOLDER"

SENTENCES: Mapping[str, str] = {
    # the command line itself
    "cli.in_use": "Another TrafficDesk has {path} open. Close it, then try again.",
    "cli.no_desk": "There is no desk in {path}. Make a demo with: trafficdesk demo, or name the "
    "right folder in TRAFFICDESK_HOME.",
    "cli.officer_needed": "Say who you are with --officer; this desk has: {names}.",
    "cli.officer_unknown": "No officer {name} at this desk; it has: {names}.",
    "cli.officer_ambiguous": "{name} may be any of: {names}. Say more of the name.",
    "cli.no_password": "There is no terminal to ask for the password; use --password-file.",
    "cli.password_file": "The password file {path} cannot be used: {detail}.",
    "cli.wrong_password": "Wrong password. {tries} more before this officer is locked out.",
    "cli.locked_out": "Too many wrong passwords: locked until {until}. A supervisor can unlock "
    "this officer at the desk.",
    "cli.not_permitted": "{name} ({role}) may not do this. Sign in as an officer who may.",
    "cli.cancelled": "Stopped. Nothing was changed.",
    "cli.file_exists": "{path} exists already. Choose another name.",
    "cli.disk_full": "The disk is full. What was saved before is safe. Free some space, then try "
    "again.",
    "cli.system": "The system refused {path}: {detail}. Check the disk space and who may write "
    "there.",
    "cli.no_screen": "The desk's window cannot be opened here: {detail}. Run trafficdesk "
    "selftest, or trafficdesk tour DIR for a run without a display.",
    # the policy of the machine
    "policy.unreadable": "The policy {path} cannot be read ({detail}). Let IT make it readable for "
    "everybody, or remove it.",
    "policy.open_to_all": "The policy {path} may be written to by everybody. Let IT take that "
    "right away: only an administrator decides for a machine.",
    "policy.too_big": "{path} is too large to be a policy. Let IT put the right file there.",
    "policy.garbled": "The policy {path} cannot be understood: {detail}. Let IT mend it "
    "(trafficdesk policy check FILE) or remove it.",
    "policy.wrong": "The policy {path} is wrong about {section}: {detail}. A desk does not open "
    "on rules of safety that it cannot follow. Let IT mend it (trafficdesk policy check FILE).",
    # newer versions of the program
    "update.not_installed": "This TrafficDesk runs from a checkout. Only one that was installed "
    "as a package is updated this way.",
    "update.without_root": "This TrafficDesk was built without a root of trust, so it takes no "
    "updates. Install a package that has one.",
    "update.off": "Updates are off on this machine: its policy names no server, or says so. Name a "
    "folder with --from, or let IT set updates.source.",
    "update.misled": "The policy of this machine, {name}, is wrong about updates ({detail}), and "
    "may have meant that there are to be none. Let IT mend it, or name a folder with --from.",
    "update.at_work": "Another update is at work on this machine. Wait for its end.",
    "update.not_ours": "Others than the administrator may write to {name}. Nothing is taken from "
    "there; give it back to the administrator alone.",
    "update.unreachable": "The updates cannot be reached: {name} ({detail}). The present version "
    "goes on; try again later.",
    "update.not_trusted": "The server of the updates has a certificate that this machine does not "
    "trust. Tell station IT.",
    "update.cut_off": "The connection broke off at {name} ({detail}). What is here is kept; try "
    "again.",
    "update.too_long": "{name} is longer than was promised. Nothing was taken; tell station IT.",
    "update.not_signed": "The updates are not signed by those who may ({detail}). Nothing was "
    "taken; tell station IT.",
    "update.expired": "The word of the repository has run out ({detail}). Fetch it anew, or let "
    "whoever makes releases renew it.",
    "update.older": "This repository is older than what this machine has seen ({detail}). Use a "
    "newer copy; if it is the server's, tell station IT.",
    "update.tampered": "{name} is not what was signed ({detail}). Nothing was taken; copy it "
    "again, or tell station IT.",
    "update.garbled": "{name} is signed, but makes no sense to this version ({detail}). Install "
    "the newer package by hand.",
    "update.no_room": "The disk of {name} is full ({detail}). Free some space; what was fetched is "
    "kept.",
    "update.not_writable": "{name} cannot be written ({detail}). Only an administrator updates "
    "this machine.",
    "update.unsound": "{name} failed its self-test on this machine ({detail}). The present version "
    "goes on; run the self-test as an officer to see what is lacking.",
    "update.untried": "The self-test of {name} could not be made ({detail}). The present version "
    "goes on; try again later.",
    # exports
    "export.format": "{path} names no format by its ending. Choose one of: {formats}.",
    "export.not_permitted": "{name} ({role}) may not export reports. Sign in as an officer who "
    "may.",
    "export.by_policy": "The policy of this machine does not allow files of the format {format}. "
    "Choose another, or ask IT.",
    # reports for people
    "report.unknown_template": "There is no report {template}. See trafficdesk report list.",
    "report.not_permitted": "{name} ({role}) may not have this report. Sign in as an officer who "
    "may.",
    "report.by_policy": "The policy of this machine does not allow files of the format {format}. "
    "Choose another, or ask IT.",
    "report.wrong_scope": "{template} cannot be made of that. See trafficdesk report list what it "
    "is of, and name that: a station with --station, a ward with --ward, an officer with "
    "--person, nothing for the city.",
    "report.unknown_place": "This desk knows no such station, ward or officer.",
    "report.name": "{name} may be any or none of: {names}. Say the name in full.",
    "report.days": "--to is before --from. Nothing was written.",
    # reports that come round
    "schedule.unknown": "No schedule, or more than one, begins with {id}. See trafficdesk "
    "schedule list.",
    "schedule.words": "--about is one of {about}, --format one of {formats}.",
    "schedule.rhythm": "--every is day, week or month, --at HH:MM, and --on a weekday from 1 to 7 "
    "or a day of the month from 1 to 31.",
    "schedule.wrong_about": "A report of a shift is --about last_shift, and no other is.",
    "schedule.nowhere": "Say where it is to go, with --folder or --mail.",
    "schedule.folder": "--folder is no whole path.",
    "schedule.address": "--mail takes plain addresses like name@station.example, 20 at most.",
    # the mail server that reports go by
    "mail.no_server": "No mail server is named. Let IT name one in the policy of this machine, or "
    "write mail.json into the profile ({path}).",
    "mail.settings": "The profile's mail.json cannot be followed: {detail}.",
    "mail.no_password": "There is no password for the mail server ({detail}). Keep it with: "
    "trafficdesk schedule mail --keep-password FILE",
    "mail.no_keyring": "This system has no keyring that keeps a password. Name a password_file "
    "that only you can read.",
    "mail.authority": "The authority's file {detail} cannot be read.",
    "mail.sign_in": "The mail server lets nobody in: {detail}. Check login and password.",
    "mail.refused": "The mail server refuses the letter: {detail}.",
    "mail.later": "The mail server takes no letter now: {detail}. Try again later.",
    "mail.not_supported": "The mail server does not encrypt, or lets nobody sign in ({detail}); "
    "nothing was sent.",
    "mail.broken_off": "The line to the mail server broke off ({detail}).",
    "mail.not_trusted": "The mail server's certificate is not trusted ({detail}); nothing was "
    "sent. Name its authority in ca_file.",
    "mail.no_encryption": "No encrypted line to the mail server was had ({detail}). Check port and "
    "tls.",
    "mail.unreachable": "The mail server cannot be reached: {detail}.",
    # the hand-over sheet
    "handover.ends_first": "--to is not after --from. Nothing was written.",
    # the demo
    "demo.profile_in_use": "Another TrafficDesk has {path} open. Close it, then try again.",
    "demo.not_a_demo": "{path} holds no demo but a desk of its own; it was left as it is. Name "
    "another folder in TRAFFICDESK_HOME.",
    # the store
    "store": "The store {path} cannot be used: {detail}.",
    "store.missing": "The database {path} is missing though its keys are there. " + _RESTORE,
    "store.not_encrypted": "{path} is not encrypted and was not touched. Move the file away; if "
    "it stood in the desk's place, restore the latest backup with: trafficdesk store restore "
    "FOLDER",
    "store.unreadable": "The database {path} does not open with this desk's key: it is damaged or "
    "belongs to another desk. Nothing was changed. " + _RESTORE,
    "store.damaged": "The database {path} is damaged ({detail}). Nothing was changed; keep the "
    "file. " + _RESTORE,
    "store.too_new": "{path} was written by a newer TrafficDesk. Update this program.",
    "store.not_writable": "{path} cannot be written ({detail}). Give yourself the right to write "
    "the folder, or name another in TRAFFICDESK_HOME.",
    "store.full": "The disk is full. Nothing of this was saved, everything before was. Free some "
    "space beside {path}, then try again.",
    "store.spatialite_missing": "The SpatiaLite extension cannot be loaded ({detail}). Install "
    "it: apt install libsqlite3-mod-spatialite",
    "store.closed": "The desk was locked meanwhile. Unlock it and try again.",
    **BUNDLES,
    # receipts
    "receipt.not_enrolled": "This desk is not enrolled with a server: nobody can prove its work.",
    "receipt.nothing_done": "Nothing was done here in that time: there is nothing to prove.",
    "receipt.too_many": "More was done in that time than a receipt holds. Ask for a shorter one.",
    "receipt.forged": "The receipt is not signed by this desk's server, or was altered. Tell "
    "station IT.",
    "receipt.mixed": "The receipt is not about what was asked. Tell station IT.",
    "receipt.damaged": "This is no receipt, or it was damaged.",
    "receipt.too_new": "The receipt was written by a newer program. Update this one.",
    "receipt.no_contact": "The server cannot be reached, and only it can prove what it holds. A "
    "receipt would list {changes} changes; all of them are safe here. Try again in contact.",
    "receipt.sign_in_needed": "Your sign-in to the server has run out. Sign in at the desk; a "
    "receipt would then list {changes} changes.",
    "receipt.refused": "The server gives no receipt: {detail}. The {changes} changes are safe "
    "here.",
    # keys
    "security": "The keys of this desk cannot be used.",
    "key_slots_missing": "There is no desk in the profile: {path} is missing. Set one up by "
    "opening the desk or with trafficdesk demo; if it was lost, restore the latest backup with: "
    "trafficdesk store restore FOLDER",
    "key_slots_damaged": "The key file {path} is damaged. Keep it and do not set the desk up "
    "anew: the database could not be read then. " + _RESTORE,
    "key_slots_too_new": "The key file {path} was written by a newer TrafficDesk. Update this "
    "program.",
    "key_slots_tampered": "The key file {path} was changed by somebody without the key. Tell "
    "station IT. " + _RESTORE,
    "already_set_up": "{path} is set up already. Unlock it instead.",
    "database_orphaned": "A database lies at {path} without its keys. Restore the backup of both, "
    "or move the database away.",
    "device_damaged": "The device file {path} is missing or damaged. " + _RESTORE,
    "audit_anchor_damaged": "The audit anchor {path} cannot be read: somebody may have exchanged "
    "it. Tell station IT, and check the chain with: trafficdesk audit verify",
    "audit_rolled_back": "The audit chain is shorter than it was: an old copy of the database was "
    "put back. Tell station IT, and check with: trafficdesk audit verify",
    "officer_unknown": "This officer is not at this desk any more.",
    "officer_present": "This officer is at this desk already.",
    "key_wiped": "The desk was locked meanwhile. Unlock it and try again.",
    "seal_broken": "A sealed file or field was changed or damaged. " + _RESTORE,
    "memory_short": "There is not enough memory to check a password. Close other programs and "
    "try again.",
    # joining a server
    "enrol.file": "{path} cannot be read: {detail}.",
    "enrol.no_server": "Name the server with --server; this machine's policy names none.",
    "enrol.no_token_file": "Name the file of the one-time token with --token-file; this machine's "
    "policy names none.",
    "enrol.address_ruled": "The policy of this machine joins desks to {ruled} and to no other "
    "server. Leave --server out.",
    "enrol.token_empty": "{path} holds no token. Ask station IT for a new one.",
    "enrol.token": "The server does not take this token: it is mistyped, used already or has run "
    "out. Ask station IT for a new one.",
    "enrol.password": "The server does not take the login {login} with this password. The token "
    "is still good.",
    "enrol.recovery_unkept": "Nobody is here to write the recovery code down. Name a file for it "
    "with --recovery-file. The token is still good.",
    "enrol.recovery_unconfirmed": "The recovery code was not confirmed, so no desk was made. The "
    "token is spent: ask station IT for a new one.",
    "enrol.password_weak": "This password is too weak to open a desk; it needs {least} characters "
    "or more, not all the same and no name. Change it at the server first; the token is not spent "
    "unless the password is a name.",
    "join.no_server": "This desk has no server so far: name one with --server.",
    "join.needs_manager": "{login} may not add officers at the server, and this desk brings its "
    "own. Have somebody join it who manages officers there; the token is still good.",
    "join.other_agency": "This token is of another agency's server. Nothing was changed; ask "
    "station IT for a token of the server that the desk had.",
    "join.not_joined": "This desk has no server so far: name one with --server.",
    "enrol.refused": "The server refuses to enrol this desk ({detail}). Tell station IT.",
    "enrol.address_wrong": "{server} is no address of a server. Write it as "
    "https://sync.example.org",
    "enrol.address_open": "{server} would carry passwords in the clear. Use an address that "
    "begins with https://",
    "enrol.ca_wrong": "{path} holds no certificate in PEM form.",
    "enrol.no_answer": "{server} does not answer. Check the address, the network and the proxy, "
    "then try again.",
    "enrol.cut_off": "The connection to {server} broke off. Try again; if the token counts as "
    "used then, ask for a new one.",
    "enrol.not_trusted": "{server} has a certificate that this machine does not trust. Name the "
    "authority's file with --ca, or tell station IT.",
    "enrol.server_fault": "{server} has a fault. Try again later.",
    "enrol.busy": "{server} is busy, or was asked too often. Try again in some minutes.",
    "enrol.wrong_type": "What answers at {server} is no TrafficDesk server. Check the address and "
    "the proxy.",
    "enrol.disk_full": "The disk is full. Nothing of the desk was made; free some space, then try "
    "again.",
    "enrol.read_only": "The disk takes nothing any more. Nothing of the desk was made; start the "
    "computer again, and tell station IT if it lasts.",
    "enrol.too_big": "The answer of {server} is too large to be right. Check the address.",
    "enrol.garbled": "The answer of {server} cannot be understood. Check the address, and that "
    "both programs are up to date.",
    # base maps
    "pack.not_tiles": "{path} is neither MBTiles nor PMTiles. Choose another file.",
    "pack.truncated": "{path} is cut short. Copy or fetch it again.",
    "pack.raster": "{path} holds pictures ({detail}); a base map needs vector tiles.",
    "pack.compression": "The tiles of {path} are packed in a way this program does not read "
    "({detail}). Make them with gzip.",
    "pack.empty": "{path} holds no tile.",
    "pack.damaged": "The tiles of {path} cannot be read. Fetch the file again.",
    "pack.unreadable": "{path} cannot be read: {detail}.",
    "pack.unwritable": "{path} cannot be written: {detail}.",
    "pack.no_space": "The disk is full. Free some space and try again; nothing is left behind.",
    "pack.name_taken": "There is a base map of that name: {path}. Rename the file, or remove the "
    "old map's folder.",
    "pack.not_osm": "{path} is no OpenStreetMap extract (.osm or .osm.pbf), or is cut short.",
    "pack.no_roads": "{path} holds no road; nothing could be drawn from it.",
    "pack.tools_missing": "Building maps needs {detail}. Install the basemap extra, or build the "
    "pack on another machine and import it.",
    "pack.tool_failed": "Building the map failed: {detail}.",
    "pack.cancelled": "Stopped. Nothing is left behind.",
    # files to be imported
    "import.not_permitted": "This officer may not import files. Sign in as a supervisor.",
    "import.file_missing": "There is no file {path}.",
    "import.file_unreadable": "{path} cannot be read: {detail}.",
    "import.file_empty": "{path} holds no rows.",
    "import.file_too_large": "{path} unpacks to more than {detail} MB. Split it into smaller "
    "files.",
    "import.line_too_long": "Line {detail} of {path} is longer than any row. This is no table, or "
    "its line ends are missing.",
    "import.file_changed": "{path} changed while it was read. Nothing was imported; try again.",
    "import.not_text": "{path} is written in none of the encodings tried ({detail}). Name the "
    "right one under [file] encodings in the mapping.",
    "import.not_csv": "{path} is no CSV table: {detail}.",
    "import.not_geojson": "{path} is no GeoJSON feature collection: {detail}.",
    "import.other_crs": "{path} uses the coordinate system {detail}. Convert it to WGS 84 "
    "longitude and latitude.",
    "import.columns_missing": "{path} lacks columns that the mapping names. Missing | present: "
    "{detail}. Correct the names in the mapping.",
    "import.columns_twice": "{path} has columns of the same name: {detail}. Rename one.",
    "import.mapping_missing": "There is no mapping {path}. Examples lie in resources/mappings.",
    "import.mapping_wrong": "The mapping {path} cannot be followed: {detail}.",
    "import.rows_wrong": "{count} of {detail} rows of {path} are wrong; nothing was imported. "
    "Correct the rows listed, or the mapping.",
    "import.already_imported": "This very file was imported on {detail}. Its reports are there.",
    "import.cancelled": "Stopped. Nothing was imported.",
    "import.undo_not_permitted": "This officer may not take imports back. Sign in as a supervisor.",
    "import.undo_unknown": "There is no import {number}. trafficdesk imports shows them.",
    "import.undo_done_before": "Import {number} was taken back before.",
    # rows of an import
    "row.unreadable": "the row cannot be read",
    "row.cells": "it has not as many cells as the header",
    "place.missing": "the place is missing",
    "place.unreadable": "the place is no point",
    "place.out_of_range": "the place is not on the earth",
    "place.swapped": "longitude and latitude have changed places",
    "time.missing": "the time is missing",
    "time.unreadable": "the time fits none of the mapping's formats",
    "time.in_future": "the time lies in the future",
    "time.too_early": "the time lies before 1970",
    "number.unreadable": "this is no number",
    "value.unknown": "the mapping does not say what this value means",
    "value.missing": "the value is missing",
    "geometry.not_a_polygon": "this is no polygon",
    "place.outside_bounds": "lie outside the city",
    "text.cleaned": "had control characters or direction marks, which were taken out",
    # the position source
    "position.off": "No source of positions is chosen, by the policy of this machine or in the "
    "profile's settings.json. Nothing is listened to.",
    "position.searching": "There is no position yet. Under open sky the first takes up to a "
    "minute, after months without power a quarter of an hour; listen longer with --seconds.",
    "position.lost": "The position is lost. Look for what covers the antenna.",
    "position.policy_unknown": "There is no source of positions {detail}. It may be off, gpsd, "
    "gpsd:HOST:PORT, serial, serial:PORT@SPEED, tcp:HOST:PORT, udp:ADDRESS:PORT, qt or "
    "replay:FILE.",
    "position.no_port": "There is no serial port {path}. Plug the receiver in, or name its port "
    "in the policy.",
    "position.no_receiver_port": "No receiver is plugged in: there is no serial port behind USB. "
    "Plug it in, or name its port in the policy.",
    "position.which_port": "Any of these ports may be the receiver's: {detail}. Name it in the "
    "policy, as in serial:PORT.",
    "position.not_permitted": "This user may not read the port {path}. On Linux, make the user a "
    "member of the group that owns it (dialout, or uucp), then sign in anew.",
    "position.port_busy": "Another program reads the port {path}. Close it; if it is gpsd, set "
    "the policy to gpsd.",
    "position.port_failed": "The port {path} cannot be used as a serial port ({detail}). Check "
    "its name and its speed in the policy.",
    "position.no_gpsd": "There is no gpsd at {path} ({detail}). Install and start it, or name "
    "where it runs, as in gpsd:HOST:PORT.",
    "position.not_gpsd": "What answers at {path} is no gpsd that speaks protocol 3. Name the "
    "right port in the policy.",
    "position.gpsd_without_receiver": "The gpsd at {path} has no receiver. Plug it in, or name it "
    "in gpsd's own settings (DEVICES in /etc/default/gpsd).",
    "position.unreachable": "Nothing can be heard at {path} ({detail}). Check the address, the "
    "cable and whether another program has the port.",
    "position.broken_off": "The connection to {path} broke off; it is tried again. If that goes "
    "on, check plug and cable.",
    "position.silent": "The receiver says nothing. Check its power and its cable, and that the "
    "policy names its port and not another's.",
    "position.unreadable": "What comes from the receiver is no NMEA 0183. Name its speed in the "
    "policy, as in serial:PORT@4800, or switch the receiver to NMEA.",
    "position.no_file": "The recording {path} cannot be read: {detail}.",
    "position.file_without_fixes": "{path} holds no positions that can be played ({detail}). It "
    "must be NMEA 0183 with RMC sentences, or GPX with times.",
    "position.replay_over": "The recording was played to its end.",
    "position.no_location_service": "The system's own location service cannot be used "
    "({detail}). On Linux there is none for this program: set the policy to gpsd or serial.",
    "position.location_forbidden": "This system keeps the position from the program. Turn location "
    "on in its privacy settings, and allow it to desktop programs.",
    # backups
    "backup.target_exists": "{path} exists already. Choose another folder.",
    "backup.target_in_profile": "{path} lies inside the profile. Choose a folder elsewhere, best "
    "on another disk.",
    "backup.not_a_backup": "{path} is no backup of a desk: it has no manifest.json.",
    "backup.damaged": "The backup {path} is damaged: {detail} is missing or not what it was. Use "
    "another backup.",
    "backup.too_new": "The backup {path} was made by TrafficDesk {detail}. Update this program.",
    "backup.profile_newer": "The desk in {path} is newer than the backup. Audited actions that "
    "would be lost: {detail} (locking the desk is one, too). Back it up first, then use --force.",
    "backup.no_space": "The disk of {path} is full. Free some space and try again; nothing is "
    "left behind.",
    "backup.unwritable": "{path} cannot be written: {detail}.",
}


def sentence(code: str, **data: object) -> str:
    """Return the sentence of a code with its data filled in; what is not told stays blank."""
    found = SENTENCES.get(code, f"Something went wrong ({code}).")
    return found.format_map(_Blank(data))


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"
