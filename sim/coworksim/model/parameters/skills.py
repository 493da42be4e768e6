"""Skills, occupations and the declared weights between them.

Eight skills, four social-cognitive (SC, indices 0 to 3) and four technical-digital (TD, indices 4 to 7), as the survey
named them. No weight depends on region or on employment status.

Names of the groups by which an appraisal tells people apart, apart from all that a report need not load.
"""

from typing import Final

SKILLS: Final = (
    "collaboration",
    "client_communication",
    "idea_pitching",
    "creative_problem_solving",
    "design_software",
    "content_production",
    "creative_coding",
    "generative_ai",
)
SC: Final = slice(0, 4)
TD: Final = slice(4, 8)

OCCUPATIONS: Final = ("designer", "content_creator", "film_maker", "game_developer", "other")
CREATIVE: Final = (True, True, True, True, False)
#: Freelancers, owners of a firm with staff and digital nomads live on projects; the others are employed, on site or
#: remotely.
STATUSES: Final = ("freelancer", "owner", "nomad", "employee", "remote_employee")
INDEPENDENT: Final = (True, True, True, False, False)

#: How much each occupation's work draws on each skill (rows OCCUPATIONS, columns SKILLS); guesses, class G.
WEIGHTS: Final = (
    (0.8, 1.0, 0.8, 1.0, 1.6, 0.8, 0.4, 0.8),
    (0.8, 1.0, 1.0, 0.8, 0.8, 1.6, 0.3, 0.9),
    (1.2, 0.8, 1.0, 0.8, 0.6, 1.8, 0.3, 0.7),
    (1.0, 0.6, 0.6, 1.2, 0.8, 0.6, 1.6, 0.8),
    (1.0, 1.2, 0.7, 0.9, 0.4, 0.5, 0.3, 0.7),
)

#: Kinds of encounters; the first three happen in a space.
ENCOUNTER_KINDS: Final = ("chat", "project", "event", "outside", "firm")
#: How an encounter of each kind spreads over the four SC skills (rows ENCOUNTER_KINDS, mean 1 in each); class G.
ENCOUNTER_WEIGHTS: Final = (
    (1.2, 0.8, 0.7, 1.3),
    (1.6, 0.8, 0.4, 1.2),
    (0.6, 1.0, 1.8, 0.6),
    (0.8, 1.4, 1.0, 0.8),
    (1.4, 0.8, 0.6, 1.2),
)


FIFTHS: Final = ("lowest", "second", "middle", "fourth", "highest")
STAGES: Final = ("below 5 years", "5 to 15 years", "15 years or more")
FLAGS: Final = ("left-behind", "other")
#: Names of the groups of each dimension.
GROUPS: Final = {
    "income fifth": FIFTHS, "region": FLAGS, "status": STATUSES, "occupation": OCCUPATIONS, "career": STAGES,
}  # fmt: skip  # a table: a line is a row
