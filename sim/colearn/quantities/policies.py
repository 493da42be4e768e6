"""Kinds of policy that a scenario may name, and how their awards are given."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

__all__ = ["AWARDS", "POLICY_KINDS"]

#: Kinds of policy; all pay a part of the fee of a coworking space for a member, up to the fee.
POLICY_KINDS: Final = MappingProxyType(
    {
        "voucher": "a fixed amount a month towards the fee",
        "scheme": "a share of the fee, a fixed amount a month, or both",
    }
)
#: How those who apply are chosen while budget and number last.
AWARDS: Final = MappingProxyType(
    {
        "first-come": "every week, whoever has applied by then, in random order within the week",
        "lottery": "once, at the end of a window for applications, in random order",
    }
)
