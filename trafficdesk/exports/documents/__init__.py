"""Reports as files: pages of HTML, workbooks, PDFs; the same from a desk and from a server."""
