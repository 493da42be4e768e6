"""Many runs: design, run, store, resume, analyse."""
