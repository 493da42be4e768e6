"""Everything that can change a number of a run."""

import os

if os.environ.get("COWORKSIM_CHECKED") == "1":  # see coworksim.model.kernels; numba asks when it is imported
    os.environ["NUMBA_DISABLE_JIT"] = "1"
