"""The page on this machine: a form, an estimate that tightens, and files to take away."""
