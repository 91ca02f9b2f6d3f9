"""As ``tests.exports.full_disk``, for paper."""

import sys
from pathlib import Path

from tests.exports.full_disk import main
from trafficdesk.qt.dispatch_papers.printing import typesetting
from trafficdesk.qt.exporting.list_pdf import write_pdf

if __name__ == "__main__":
    with typesetting():
        main(Path(sys.argv[1]), write_pdf)
