#!/usr/bin/env bash
# linearmodels 7.1: in one package "y ~ x" has a constant in one model and none in another.
#
# `PooledOLS.from_formula("y ~ x", data)` fits through the origin; the constant must be written, "y ~ 1 + x".
# `IV2SLS.from_formula("y ~ x", data)` of the same package has one, as statsmodels has. No warning: on answers between 1
# and 5, which lie far from the origin, a slope of -1 comes out above +1.
# Seen: "PooledOLS: x +1.1", "PooledOLS, 1 + x: x -1.0", "IV2SLS: x -1.0", "statsmodels: x -1.0". Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check linearmodels==7.1 statsmodels==0.15.0 pandas==3.1.1 2>/dev/null
cat > "$folder/fit.py" <<'PY'
import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from linearmodels import IV2SLS, PooledOLS

rng = np.random.default_rng(1)
x = rng.normal(2.0, 1.0, 400)
data = pd.DataFrame({"y": 5.0 - x + rng.normal(0.0, 0.5, 400), "x": x, "entity": np.arange(400) % 20, "time": np.arange(400)})
panel = data.set_index(["entity", "time"])
fits = {
    "PooledOLS": PooledOLS.from_formula("y ~ x", panel),
    "PooledOLS, 1 + x": PooledOLS.from_formula("y ~ 1 + x", panel),
    "IV2SLS": IV2SLS.from_formula("y ~ x", data),
    "statsmodels": smf.ols("y ~ x", data),
}
for name, model in fits.items():
    print(f"{name}: x {model.fit().params['x']:+.1f}")
PY
found=$("$folder/venv/bin/python" -W ignore "$folder/fit.py")
printf '%s\n' "$found"
[ "$found" = $'PooledOLS: x +1.1\nPooledOLS, 1 + x: x -1.0\nIV2SLS: x -1.0\nstatsmodels: x -1.0' ]
