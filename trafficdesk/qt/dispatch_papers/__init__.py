"""What dispatch leaves on paper: the hand-over sheet of a shift, and the patrol plan."""
