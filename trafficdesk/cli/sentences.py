"""Every stable code as one sentence that says what happened and what to do."""

from collections.abc import Mapping

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
    "cli.password_file": "The password file {path} cannot be read: {detail}.",
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
    # backups
    "backup.target_exists": "{path} exists already. Choose another folder.",
    "backup.target_in_profile": "{path} lies inside the profile. Choose a folder elsewhere, best "
    "on another disk.",
    "backup.not_a_backup": "{path} is no backup of a desk: it has no manifest.json.",
    "backup.damaged": "The backup {path} is damaged: {detail} is missing or not what it was. Use "
    "another backup.",
    "backup.too_new": "The backup {path} was made by TrafficDesk {detail}. Update this program.",
    "backup.profile_newer": "The desk in {path} is newer than the backup by {detail} audited "
    "actions, which would be lost. Back it up first, then use --force.",
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
