"""What the station's IT decides for every desk of a machine, over what its users choose."""
