"""The class of each kind of policy; the one place that knows them all.

>>> list(KINDS)[:2]
['voucher', 'membership_subsidy']
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from colearn.policies.awareness_campaign import AwarenessCampaign
from colearn.policies.base import PublicPolicy
from colearn.policies.cluster_programme import ClusterProgramme
from colearn.policies.community_grant import CommunityGrant
from colearn.policies.equipment_loan import EquipmentLoan
from colearn.policies.membership_subsidy import MembershipSubsidy
from colearn.policies.resource_grant import ResourceGrant
from colearn.policies.skills_programme import SkillsProgramme
from colearn.policies.training_voucher import TrainingVoucher
from colearn.policies.voucher import Voucher

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
