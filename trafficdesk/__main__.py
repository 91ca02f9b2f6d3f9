"""``python -m trafficdesk``: the command line, which opens the desk when nothing is asked."""

from trafficdesk.cli import main

if __name__ == "__main__":
    main()
