"""Charts of a report, one to a file: plain data in, a figure out. Headings and captions are the page's own."""
