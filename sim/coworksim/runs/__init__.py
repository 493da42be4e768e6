"""Studies of many runs: design, run, store, analyse."""
