"""Everything that can change a number of a run."""
