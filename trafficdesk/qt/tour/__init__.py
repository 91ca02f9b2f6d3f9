"""The desk driven through its main job by real key presses and clicks, with pictures of it."""
