"""Newer versions of the desk: found, proved to be ours, laid out whole and switched to.

``repository.newest`` asks a source (``fetching``) for the newest release of this machine and
believes nothing that is not signed (TUF). ``staging.stage`` lays its files out in a folder, each
compared with the release's ``manifest``; what lies on the machine already is not fetched again.
"""
