"""The desks' updates: files that IT's release tool made, handed out as they lie there."""
