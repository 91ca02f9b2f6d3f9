"""What is behind ``installers.release``: keys, drafts that people sign, payload, publishing."""
