"""Public policies, one file each: who is paid, and what is bought."""

from __future__ import annotations

from coworksim.model.policies.awareness_campaign import AwarenessCampaign
from coworksim.model.policies.base import Award, Programme, PublicPolicy, Target, Terms
from coworksim.model.policies.cluster_programme import ClusterProgramme
from coworksim.model.policies.community_grant import CommunityGrant
from coworksim.model.policies.equipment_loan import EquipmentLoan
from coworksim.model.policies.kinds import KINDS
from coworksim.model.policies.membership_subsidy import MembershipSubsidy
from coworksim.model.policies.phase import Policies
from coworksim.model.policies.resource_grant import ResourceGrant
from coworksim.model.policies.skills_programme import SkillsProgramme
from coworksim.model.policies.training_voucher import TrainingVoucher
from coworksim.model.policies.voucher import Voucher

__all__ = [
    "KINDS",
    "Award",
    "AwarenessCampaign",
    "ClusterProgramme",
    "CommunityGrant",
    "EquipmentLoan",
    "MembershipSubsidy",
    "Policies",
    "Programme",
    "PublicPolicy",
    "ResourceGrant",
    "SkillsProgramme",
    "Target",
    "Terms",
    "TrainingVoucher",
    "Voucher",
]
