"""Where this patrol laptop is: receivers, what of them is believed, and one thread to listen."""
