#!/usr/bin/env bash
# SALib 1.6.0: the index delta moves with its seed by more than the interval that is reported with it.
#
# `delta.analyze` on the very same rows, with eight seeds: the index of the strongest of three inputs runs from about .18
# to .29, and each call reports a half-width of about .04 at 95 %. The interval holds the resampling within a call, not
# what the seed does to the estimate itself. An input can be first under one seed and second under another, each time
# with an interval that says it is certain. What helps: average over seeds, and add their spread to the interval.
# Seen: spread over seeds .115, largest half-width .045: "more than twice the half-width". Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check SALib==1.6.0 numpy==2.5.5 2>/dev/null
cat > "$folder/seeds.py" <<'PY'
import warnings

import numpy as np
from SALib.analyze import delta
from SALib.sample import latin

warnings.simplefilter("ignore")
problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
x = latin.sample(problem, 300, seed=1)
y = x[:, 0] + 0.5 * x[:, 1] ** 2 + np.random.default_rng(2).normal(0, 0.3, 300)
found = [delta.analyze(problem, x, y, seed=seed, num_resamples=100) for seed in range(1, 9)]
index = [float(one["delta_raw"][0]) for one in found]
half = max(float(one["delta_raw_conf"][0]) for one in found)
print(f"spread over seeds {max(index) - min(index):.3f}, largest half-width {half:.3f}")
if max(index) - min(index) > 2 * half:
    print("more than twice the half-width")
PY
found=$("$folder/venv/bin/python" "$folder/seeds.py" 2>/dev/null)
printf '%s\n' "$found"
[ "${found##*$'\n'}" = "more than twice the half-width" ]
