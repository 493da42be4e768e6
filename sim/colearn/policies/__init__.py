"""Public policies, one file each: who is paid, and what is bought."""

from __future__ import annotations

from colearn.policies.awareness_campaign import AwarenessCampaign
from colearn.policies.base import Award, Programme, PublicPolicy, Target, Terms
from colearn.policies.cluster_programme import ClusterProgramme
from colearn.policies.community_grant import CommunityGrant
from colearn.policies.equipment_loan import EquipmentLoan
from colearn.policies.membership_subsidy import MembershipSubsidy
from colearn.policies.phase import Policies
from colearn.policies.registry import KINDS
from colearn.policies.resource_grant import ResourceGrant
from colearn.policies.skills_programme import SkillsProgramme
from colearn.policies.training_voucher import TrainingVoucher
from colearn.policies.voucher import Voucher

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
