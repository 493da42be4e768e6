"""Respondents by formula: what is true of them is known, so that an estimator can be judged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coworksim.evidence.survey.questionnaire import ITEMS

#: Regions, and left-behind ones among them.
REGIONS, BEHIND = 60, 12


def respondents(
    seed: int, *, social: float = 0.3, resource: float = 0.3, planted: float = 0.0, slopes: float = 0.1
) -> pd.DataFrame:
    """Return members whose development is a sum of scales with variance 1, and nothing about people but their chance.

    ``planted`` is added to the slope of resources in left-behind regions; slopes differ by region with a standard
    deviation of ``slopes``; regions and spaces have levels of their own. Answers are not cut.
    """
    draw = np.random.default_rng(seed)
    spaces = draw.integers(1, 5, REGIONS)
    region = np.repeat(np.arange(REGIONS), spaces)
    space = np.concatenate([np.arange(n) for n in spaces])
    sizes = draw.integers(3, 7, len(region))
    region, space, place = (np.repeat(x, sizes) for x in (region, space, np.arange(len(region))))
    n = len(region)
    behind = region < BEHIND
    s, r = draw.standard_normal(n), draw.standard_normal(n)
    by_region = draw.standard_normal((3, REGIONS)) * np.array([[0.2], [slopes], [slopes]])
    level = by_region[0][region] + 0.2 * draw.standard_normal(len(sizes))[place]
    y = level + (social + by_region[1][region]) * s + (resource + by_region[2][region] + planted * behind) * r
    taken = 0.08 + social**2 + resource**2 + 2 * slopes**2 + 2 * resource * planted * 0.2 + planted**2 * 0.2
    y += np.sqrt(1.0 - taken) * draw.standard_normal(n)
    return table(region, space, behind, s, r, y, draw)


def table(
    region: np.ndarray,
    space: np.ndarray,
    behind: np.ndarray,
    s: np.ndarray,
    r: np.ndarray,
    y: np.ndarray,
    draw: np.random.Generator,
) -> pd.DataFrame:
    """Return a table of respondents in which every item of a scale is the scale."""
    n = len(region)
    flag = pd.Categorical(np.where(behind, "left-behind", "other"))
    columns = {
        "respondent": np.arange(1, n + 1),
        "role": pd.Categorical(["member"] * n, categories=["member", "manager"]),
        "region": pd.Categorical([f"r{k:02d}" for k in region]),
        "flag": flag,
        "flag_narrow": flag,
        "flag_wide": flag,
        "space": space,
        "independent": draw.integers(0, 2, n).astype(float),
        "creative": draw.integers(0, 2, n).astype(float),
        "career_stage": pd.Categorical.from_codes(draw.integers(0, 3, n), pd.Index(["early", "middle", "established"])),
        "months_member": draw.integers(1, 36, n).astype(float),
    }
    scales = {"social": s, "resource": r}
    for item in ITEMS:
        columns[item.name] = scales.get(item.scale, y if item.scale[3:] in ("space", "total") else np.zeros(n))
    return pd.DataFrame(columns)


def shuffled(answers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the table with the flag dealt to regions anew."""
    regions = answers.groupby("region", observed=True)["flag"].first()
    dealt = pd.Series(np.random.default_rng(seed).permutation(regions.to_numpy()), index=regions.index)
    return answers.assign(flag=pd.Categorical(answers["region"].astype(str).map(dealt)))
