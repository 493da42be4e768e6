"""The kernels against the plain twin: every phase, every worker, every tie, every penny."""
