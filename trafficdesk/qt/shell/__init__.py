"""The window around the workspaces: rail, top bar, overlays, palette, cheat-sheet, outbox."""
