"""The defaults that digests of scenarios leave out: ``python -m tests.files.parameter_set`` writes them anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coworksim.model.parameters import PARAMETER_SET, PARAMETERS
from coworksim.model.policy import Eligibility, Policy
from coworksim.model.scenario import Region, Space

KEPT = Path(__file__).with_name("parameter_set.json")


def defaults() -> dict[str, Any]:
    """Return all defaults by name: of parameters, and of the fields of what a scenario lists."""
    found: dict[str, Any] = {name: one.default for name, one in PARAMETERS.items()}
    for model in (Region, Space, Policy, Eligibility):
        for name, field in model.model_fields.items():
            if not field.is_required() and field.default_factory is None:
                found[f"{model.__name__}.{name}"] = field.default
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]  # as they are kept


if __name__ == "__main__":
    KEPT.write_text(json.dumps({"parameter_set": PARAMETER_SET, "defaults": defaults()}, indent=1) + "\n")
