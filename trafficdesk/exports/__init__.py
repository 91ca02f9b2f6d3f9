"""Lists taken out of the desk as files of the formats that other programs read."""
