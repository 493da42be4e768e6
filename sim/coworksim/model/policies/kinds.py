"""The class of each kind of policy; the one place that knows them all.

>>> list(KINDS)[:2]
['voucher', 'membership_subsidy']
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from coworksim.model.policies.awareness_campaign import AwarenessCampaign
from coworksim.model.policies.base import PublicPolicy
from coworksim.model.policies.cluster_programme import ClusterProgramme
from coworksim.model.policies.community_grant import CommunityGrant
from coworksim.model.policies.equipment_loan import EquipmentLoan
from coworksim.model.policies.membership_subsidy import MembershipSubsidy
from coworksim.model.policies.resource_grant import ResourceGrant
from coworksim.model.policies.skills_programme import SkillsProgramme
from coworksim.model.policies.training_voucher import TrainingVoucher
from coworksim.model.policies.voucher import Voucher

__all__ = ["KINDS"]

#: Every kind of policy that a scenario may name.
KINDS: Final[MappingProxyType[str, type[PublicPolicy]]] = MappingProxyType(
    {
        kind.kind: kind
        for kind in (
            Voucher,
            MembershipSubsidy,
            TrainingVoucher,
            EquipmentLoan,
            ResourceGrant,
            CommunityGrant,
            ClusterProgramme,
            AwarenessCampaign,
            SkillsProgramme,
        )
    }
)
