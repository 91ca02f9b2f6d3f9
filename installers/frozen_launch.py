"""Runs before everything else in the frozen desk: it becomes the version that is to run."""

from trafficdesk.updates.launching import start

start()
