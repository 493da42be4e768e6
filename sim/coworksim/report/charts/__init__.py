"""Charts, one kind to a file: plain data in, a figure out."""
