"""The command line, for ``python -m coworksim``."""

from coworksim.cli import main

if __name__ == "__main__":
    main()
