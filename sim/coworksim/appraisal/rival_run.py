"""Ask the rival form of persistence what remains of awards that have ended, in a part of the replicates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from coworksim.appraisal.replicate import assumed_elasticities, payload, work
from coworksim.appraisal.rival import FORM, REMAINS, Rival, ended, part_of, remains, rival_of
from coworksim.model.parameters.parameter import UnsolvableError
from coworksim.runs.announcement import will_compare
from coworksim.runs.batch import RunCache, run_in_memory
from coworksim.runs.run import Limits, Options, run_of

if TYPE_CHECKING:
    from coworksim.appraisal.pooled import Pooled


def with_rival(found: Pooled, *, cache: RunCache | None = None, **options: Unpack[Options]) -> Pooled:
    """Return a comparison with what remains by the rival; as it is where no money of awards ended early enough.

    Args:
        found: A comparison whose replicates are done.
        cache: Keeps finished runs; what it holds is not run again.
        options: Fields of ``Limits``. When ``stop`` is set, what is in hand is finished, and that will do.
    """
    arms, own = ended(found.arms, found.values), found.scenario
    if not arms or not own.mechanisms["membership"]:
        return found
    other = rival_of(own)
    told = Rival(own[FORM], other[FORM])
    try:
        assumed_elasticities(other)
    except UnsolvableError as error:
        return replace(found, rival=told._replace(reason=str(error)))
    every, runs, numbers = [tuple(chosen) for chosen in found.arms.values()], [], found.numbered
    for k in numbers[: part_of(len(numbers))]:
        task = payload(other, every, found.seed, k, only=REMAINS)
        asked = [one for arm, one in zip(found.arms, task["arms"], strict=True) if arm in arms]
        runs.append(run_of(work, k, task | {"arms": asked}))
    says = will_compare(len(runs), len(arms), f"what remains by {told.other} in place of {told.own}")
    outcomes = run_in_memory(runs, work, cache, Limits(**options), whole=False, says=says)
    if not (done := {k: one.values for k, one in outcomes.done.items()}):
        reason = "" if outcomes.stopped else f"no world of it succeeded; the first says: {outcomes.failed()[0]}"
        return replace(found, rival=told._replace(reason=reason)) if reason else found
    mine = {arm: {name: found.by_number(arm, name) for name in REMAINS} for arm in arms}
    table = remains([*arms], mine, done, (told.own, told.other))
    return replace(found, rival=told._replace(replicates=len(done), table=table))
