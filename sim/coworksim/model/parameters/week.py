"""Parameters of the week in and around a space, and of what public money does there."""

from typing import NamedTuple

from coworksim.model.parameters.parameter import Role, borrowed, choice, integer, mechanism, real

_C, _E, _L = Role.CONSTANT, Role.ENVIRONMENT, Role.LEVER
_MODEL = "prior range of the design"


# A declaration is read as the row of a table.
# fmt: off
@mechanism("turnover", 10, "careers end and begin, people change status")
class TurnoverParameters(NamedTuple):
    """Careers, and what a new employer offers."""

    exit: float = real("1/year", 0.02, (0, 1), (0.0, 0.05),
        "leaves for other reasons than the end of a career; a newcomer follows")
    nomad_stay: float = real("weeks", 26, (1, 5200), (8, 52), "mean stay of a digital nomad")
    to_employee: float = real("1/year", 0.06, (0, 1), (0.0, 0.12), "freelancers who take a job")
    to_freelancer: float = real("1/year", 0.03, (0, 1), (0.0, 0.06), "employees who go freelance")
    sponsored_share: float = borrowed("population.sponsored_share")
    sponsorship: float = borrowed("population.sponsorship")
    team_size: float = borrowed("teams.size")
    remote_share: float = 0.0  # of employees


@mechanism("frontier", 20, "the best possible skill moves on")
class FrontierParameters(NamedTuple):
    """How the best possible skill moves."""

    drift: float = real("1/year", 0.03, (0, 1), (0.01, 0.12), "growth of the TD frontier in other occupations (g_td)",
        _MODEL, role=_E)
    drift_creative: float = real("1/year", 0.06, (0, 1), (0.01, 0.12),
        "growth of the TD frontier in creative occupations", _MODEL, role=_E)
    ai_week: int = integer("weeks", -1, (-1, 5000), None,
        "week, from the start, of a jump in generative AI; -1 is never", "scenario input", role=_E)
    ai_jump: float = real("share", 0.5, (0, 10), None, "size of that jump for generative-AI skills",
        "scenario input, read from frontier.ai_week on", role=_E)


@mechanism("adoption", 30, "who takes up new tools")
class AdoptionParameters(NamedTuple):
    """The take-up of new tools."""

    start: float = real("share", 0.10, (0, 1), None, "users of new tools at the start of burn-in", role=_C)
    innovation: float = real("1/week", 0.0008, (0, 1), (0.0002, 0.002), "takes up new tools unprompted (Bass p)",
        "Bass form; 33 % of all businesses use AI in 2026", log=True)
    imitation: float = real("1/week", 0.008, (0, 1), (0.002, 0.03), "takes them up as all one's ties have (Bass q)",
        "Bass form", log=True)
    creative_factor: float = real("ratio", 1.6, (0, 20), None, "how much earlier creative occupations are",
        "51 % of creative businesses use AI, 33 % of all (2026)", "D")


@mechanism("training", 45, "courses come along, and people take them")
class TrainingParameters(NamedTuple):
    """Courses outside spaces: how often they come along, and what they cost.

    ``employees`` and ``ratio`` are what can be observed; how often a course comes along, and what an hour is worth,
    follow from them.
    """

    employees: float = real("share", 0.266, (0.001, 0.9), (0.2, 0.33),
        "employees who take a course in 13 weeks, in the reference region",
        "Annual Population Survey: job-related training in 13 weeks, mean of 133 regions of England", "M")
    ratio: float = real("ratio", 0.5, (0.01, 0.99), (0.4, 0.6),
        "how often the independent take one, against employees, in the reference region",
        "IPSE; Good Work Review 2023: half as likely", "M")
    fee: float = real("GBP/h", 12.0, (0, 1000), (5, 30), "fee of an hour of a course",
        "guess: between a college's evening class and a day at a private trainer's")
    lost: float = real("share", 0.5, (0, 1), None, "hours of a course that an independent would have worked",
        "guess: half in working hours, half in the evening", role=_C)
    value_spread: float = real("GBP/h", 5.0, (0.1, 10), None,
        "spread of what an hour is worth over people and courses (scale of a logistic)", role=_C)
    hours: float = real("h", 7.0, (0.1, 200), None, "median hours of a course", "guess: a working day", role=_C)
    hours_sd: float = real("ln", 0.9, (0, 3), None, "their spread (lognormal)", role=_C)
    clumping: float = real("ratio", 0.3, (0.05, 0.95), None,
        "shape of the gamma distribution of courses over people: the lower, the fewer get most of them",
        "27 % train in 13 weeks, and 61 % in three years", "D", role=_C)
    rate: float = 0.0  # courses that come along, a year: this and the next are solved for
    value: float = 0.0  # GBP, what an hour is worth to a person in the middle


@mechanism("income", 50, "projects, fees and wages")
class IncomeParameters(NamedTuple):
    """Projects, fees and wages."""

    projects: float = real("projects/week", 0.5, (0.01, 20), (0.25, 1.0), "projects of a freelancer of middling skill",
        _MODEL, log=True)
    fee: float = real("GBP/project", 440, (1, 1e6), (280, 640), "median fee",
        "set so that incomes of creative freelancers meet ACE/Essex 2024")
    fee_spread: float = real("ln", 0.6, (0, 3), None, "spread of fees (lognormal)", _MODEL)
    owner_factor: float = real("ratio", 1.6, (0.1, 20), (1.0, 2.5),
        "fees of owners with staff over those of freelancers")
    skill_return: float = real("1/skill", 1.0, (0, 10), (0.0, 2.0),
        "how projects follow skill (eps); 0 means not at all", _MODEL)
    own_expansion: float = real("share", 0.5, (0, 1), (0.0, 1.0),
        "share of projects that skill adds rather than takes (kappa)", _MODEL)
    complementarity: float = real("exponent", 0.5, (-5, 1), (-1.0, 1.0),
        "creativity and AI skills in one job: 1 adds them, lower values demand both in tandem (rho)")
    wage: float = real("GBP/week", 560, (0, 1e5), (450, 700), "median wage of employees",
        "order of magnitude of UK median earnings")
    wage_return: float = real("1/skill", 0.5, (0, 10), (0.0, 1.0), "how wages follow skill", _MODEL)
    smoothing: float = real("1/week", 0.08, (0.001, 1), None,
        "weight of the newest week in smoothed income and workload", _MODEL, role=_C)
    lost: float = borrowed("training.lost")


@mechanism("awareness", 60, "who has heard of which space and scheme")
class AwarenessParameters(NamedTuple):
    """How word of spaces and schemes spreads."""

    at_opening: float = real("share", 0.50, (0, 1), (0.1, 0.6), "hear of a space in the week in which it opens")
    unprompted: float = real("1/week", 0.003, (0, 1), (0.0006, 0.01), "hears of a space or scheme unprompted (p_b)",
        "Bass .03 a year is the lower end; swept", log=True)
    by_ties: float = real("1/week", 0.03, (0, 1), (0.007, 0.1), "hears of it from ties who use it (q_b)",
        "Bass .38 a year is the lower end; swept", log=True)


@mechanism("schemes", 70, "who applies for support, and who gets it")
class SchemesParameters(NamedTuple):
    """What applying for support costs."""

    hassle: float = real("GBP", 300, (0, 1e6), (50, 1000), "mean cost of applying, in money (exponential over people)",
        "half of a usual benefit")
    early_hassle: float = real("ratio", 0.5, (0, 10), (0.0, 1.0),
        "how much more it costs at the start of a career, and without skill")
    intent_weeks: float = real("weeks", 13, (1, 5200), (4, 52),
        "how long a wish to come lives while an award is waited for")
    training_ratio: float = borrowed("resource_learning.training_ratio")
    wish: int = choice("realised", ("realised", "expected"),
        "whether people apply by what they wish today, or by what they may come to wish", "rival forms of the design")


@mechanism("membership", 80, "who joins, stays in or leaves a coworking space, and pays")
class MembershipParameters(NamedTuple):
    """What a plan of a space is worth to a person.

    ``elasticity``, ``members`` and ``churn`` are what can be observed; the constants of utility follow from them.
    """

    elasticity: float = real("ratio", -0.7, (-10, 0), (-1.4, -0.3),
        "by how much members follow a price that stays, in its third year, in the reference region",
        "prior: nothing on coworking; passes and memberships -.2 to -.6 (McKenzie 1985, Frey and Meier)", "D")
    members: float = real("people/space", 74, (0.1, 5000), (47, 110), "members of a space in the reference region",
        "Deskmag 2017: median 47, trimmed mean 74, mean 129", "D", log=True)
    churn: float = real("share/month", 0.06, (0.0005, 0.5), (0.03, 0.11),
        "spells that end in a month, over members, in the reference region", "operators say 5-7 % (2-11)")
    persistence: int = choice("habit", ("habit", "taste"), "spells last by habit, or by lasting taste alone",
        "rival forms: same members and churn, and less remains of an award where there is no habit")
    early_habit: float = real("share", 0.35, (0, 0.95), (0.0, 0.7), "part of habit that grows with tenure")
    review_weeks: float = real("weeks", 8, (1, 520), (4, 26), "weeks between two looks at membership, on average")
    money: int = choice("linear", ("linear", "logarithmic"), "price as it is, or as what is left of income (ln)",
        "rival forms of the design")
    income_elasticity: float = real("exponent", 0.4, (0, 3), (0.1, 0.8),
        "how the utility of a pound falls with income (eta); read by linear money only",
        "UK values of time: Mackie et al. 2003, Batley 2016", "D")
    appeal: float = real("utility", 0.0, (-50, 50), None,
        "what a space is worth here beyond what it would be in the reference region", "scenario input", role=_E)
    learning_weight: float = real("utility per skill point a quarter", 0.2, (0, 20), (0.0, 1.0),
        "pull of what members one knows have learnt (bL)", _MODEL)
    ties_weight: float = real("utility", 0.15, (0, 10), (0.0, 0.5), "pull of ties to members (bN)", _MODEL)
    crowding_weight: float = real("utility", 0.5, (0, 20), (0.0, 1.0), "push of a full space", _MODEL)
    day_constant: float = real("utility", -1.5, (-20, 20), (-2.5, -0.5), "day plan against a hot desk",
        "fitted to attendance")
    dedicated_constant: float = real("utility", -0.6, (-20, 20), (-1.5, 0.0), "dedicated desk against a hot desk",
        "fitted to the mix of plans")
    dissimilarity: float = real("ratio", 0.5, (0.05, 1), (0.3, 1.0),
        "how far apart wishes for two spaces are, against wishes to stay outside (mu of a nested choice; 1: as far)",
        "guess: spaces within reach are close substitutes")
    distance_weight: float = real("utility/km", 0.06, (0, 10), (0.0, 0.15),
        "push of a kilometre between home and space", _MODEL)
    office: float = real("utility", 1.5, (-20, 20), (0.5, 2.5), "push of having a desk at one's employer's")
    taste_sd: float = real("utility", 1.6, (0, 10), (0.8, 2.4), "spread of lasting taste for coworking",
        "fitted to churn and spells together")
    day_ratio: float = borrowed("space.day_ratio")
    dedicated_ratio: float = borrowed("space.dedicated_ratio")
    august: float = borrowed("attendance.august")
    christmas: float = borrowed("attendance.christmas")
    constant: float = 0.0  # this and the next three are solved for in the reference region
    habit: float = 0.0
    price_weight: float = 0.0  # utility of the price of a reference desk at the reference income
    taste_scale: float = 1.0


@mechanism("attendance", 90, "who comes on which day, and who finds a desk")
class AttendanceParameters(NamedTuple):
    """When people come less, and what managers remember of occupancy."""

    smoothing: float = real("1/week", 0.25, (0.001, 1), None,
        "weight of the newest week in a space's smoothed occupancy", _MODEL, role=_C)
    august: float = real("ratio", 0.85, (0.01, 1), None,
        "who comes, and who looks at membership, in a week of August, over the mean week", "guess: holidays", role=_C)
    christmas: float = real("ratio", 0.5, (0.01, 1), None,
        "the same in the two weeks from 20 December on", "guess: most are away for one of the two", role=_C)


@mechanism("encounters", 100, "who meets whom, inside and outside")
class EncountersParameters(NamedTuple):
    """Who meets whom, how often and for how long."""

    rate: float = real("encounters/day", 1.3, (0, 50), (0.6, 3.0),
        "work-related conversations of a member in a large space, or at a table of four of a gathering (c)",
        "Deskmag: 5.2 people spoken to a day, .3 of them about work", "D")
    half_crowd: float = real("people", 8, (0.1, 500), (2, 20),
        "people present at which half of that rate is met (n_half)", _MODEL)
    visits: float = real("tables/day", 1.0, (0, 10), (0.0, 2.0),
        "other tables that a person of mean sociability visits on a day (v)")
    distance: float = real("m", 8, (0.5, 200), None, "distance at which meetings fall to 1/e (ell)", "Allen 1977",
        "M")
    habit: float = real("ratio per meeting", 1.0, (0, 10), (0.0, 2.0),
        "extra rate of meetings per unit of tie, up to 3", _MODEL)
    usual_tie: float = real("meetings", 1.5, (0, 3), None,
        "tie of a usual encounter: the rate is normalised there, so that habit moves whom one meets",
        "order of magnitude of runs", role=_C)
    closure: float = real("ratio per shared tie", 0.5, (0, 10), None,
        "extra rate of meetings per shared tie, up to 3", _MODEL)
    usual_shared: float = real("ties", 2.0, (0, 3), None,
        "shared ties of a usual encounter: the rate is normalised there", "order of magnitude of runs", role=_C)
    minutes: float = real("min/encounter", 15, (0, 600), None, "time that an encounter takes")
    project_share: float = real("share", 0.15, (0, 1), (0.0, 0.3),
        "meetings of independents who know each other (tie of 2 or more) that are joint projects")
    event_share: float = real("evenings/week", 2.0, (0, 7), (1.0, 3.0),
        "evenings that a member of mean sociability has for gatherings, whatever is on offer (p)",
        "set so that members of UK spaces come to 1.8 events a month (Deskmag: of 4.5)", "D")
    visitors: float = real("people/event", 4, (0, 500), (0, 10),
        "visitors from the creative milieu at the UK density (v)", _MODEL)
    milieu: float = real("people", 500, (1, 1e6), None, "people among whom that many visitors are found (N_ref)",
        _MODEL, role=_C)
    outside_tie: float = real("share", 0.1, (0, 1), (0.02, 0.3), "contacts outside that become a tie",
        "stands for a second meeting")
    colleagues: float = real("contacts/week", 0.8, (0, 20), (0.0, 2.0),
        "contacts of employees with colleagues (c_firm)", _MODEL)
    outside: float = real("contacts/week", 0.6, (0, 20), (0.2, 1.2),
        "contacts outside, at the UK density of creative firms", _MODEL)
    freshness: float = real("weeks", 26, (1, 520), None, "how long an outside contact stays fresh", _MODEL)
    team_table: float = borrowed("teams.table")
    founding: float = borrowed("groups.founding")
    clustered: float = borrowed("clusters.firms")
    clustered_spaces: float = borrowed("clusters.spaces")
    pull: float = borrowed("clusters.pull")
    log_rho: float = 0.0  # of ties, as in World


@mechanism("social_learning", 110, "what people learn from those they meet")
class SocialLearningParameters(NamedTuple):
    """What an encounter teaches."""

    partner_gain: float = real("skill/encounter", 0.001, (0, 0.2), (0.0005, 0.004),
        "SC learning from meeting anyone (gamma)", _MODEL)
    peer_gain: float = real("1/encounter", 0.004, (0, 0.2), (0.0, 0.012),
        "SC learning per unit of the partner's lead (beta)", _MODEL)
    peer_gain_td: float = real("1/encounter", 0.002, (0, 0.2), (0.0, 0.006),
        "TD learning per unit of the partner's lead", _MODEL)
    novelty_scale: float = real("meetings", 4.0, (0.1, 1000), (1.5, 10.0),
        "meetings after which a partner is 1/e as new (f0)", _MODEL)
    pipeline_half: float = real("contacts", 15, (0, 1000), (5, 60),
        "outside contacts at which a partner is half as useful as could be (b_half)", _MODEL)
    theta_sc: float = real("exponent", 0.0, (0, 1), (0.0, 1.0), "SC law: 0 limited by input, 1 closes one's own gap",
        _MODEL)
    cognitive_distance: int = choice("none", ("none", "inverted_u"),
        "whether partners at middling distance of skills teach best", "rival forms of the design", role=_C)
    scale_sc: float = 0.0  # law_scale(theta_sc)


@mechanism("resource_pool", 120, "who gets equipment hours and training places")
class ResourcePoolParameters(NamedTuple):
    """What a space offers, and who wants it."""

    equipment_hours: float = real("h/desk/week", 1.1, (0, 100), (0.4, 2.5), "equipment hours a space offers", _MODEL,
        role=_L)
    training_hours: float = real("h/place", 2.0, (0, 40), None, "hours of a training place", role=_L)
    inclination: float = real("share", 0.5, (0, 10), (0.2, 1.0),
        "inclination to learn inside rather than outside (psi), set against outside access", _MODEL)
    interest: float = 0.0  # chance that a place is worth having


@mechanism("resource_learning", 130, "what people learn from hours and from their own work")
class ResourceLearningParameters(NamedTuple):
    """What an hour teaches, and what it costs."""

    td_rate: float = real("1/h", 0.0015, (0, 0.1), (0.0005, 0.003), "TD learning per hour (k_td)", _MODEL, log=True)
    training_ratio: float = real("ratio", 2.0, (0, 20), (1.0, 3.0), "an hour of training over an hour of solo practice")
    own_td: float = real("1/week", 0.0006, (0, 0.1), (0.0002, 0.0012), "TD learning by one's own work (k_own)", _MODEL,
        log=True)
    own_sc: float = real("1/week", 0.0006, (0, 0.1), (0.0004, 0.0024), "SC learning by one's own work (k_own)", _MODEL,
        log=True)
    theta_td: float = real("exponent", 1.0, (0, 1), (0.0, 1.0), "TD law: 1 closes the gap to the frontier, 0 does not",
        _MODEL)
    theta_sc: float = borrowed("social_learning.theta_sc")
    scale_td: float = 0.0  # law_scale(theta_td)
    scale_sc: float = 0.0  # law_scale(theta_sc)


@mechanism("decay", 140, "skills depreciate, ties fade")
class DecayParameters(NamedTuple):
    """How fast skills depreciate and ties fade."""

    skill: float = real("1/year", 0.03, (0, 1), (0.005, 0.05), "depreciation of skills (delta)",
        "Arrazola and de Hevia 2004: 1-1.5 % a year; 1-6 % across sectors", "M")
    tie_weeks: float = real("weeks", 26, (1.01, 5200), (8, 52), "fading time of a tie (tau)", _MODEL)
    tie_floor: float = real("meetings", 0.3, (0, 100), (0.1, 1.0), "strength under which a tie is gone (f_min)", _MODEL)


@mechanism("management", 150, "managers set prices, invest, close and open spaces")
class ManagementParameters(NamedTuple):
    """What a space costs, and when its manager acts."""

    rent: float = real("GBP/desk/week", 28, (0, 1000), (16, 40), "rent and services per desk, at the UK price level",
        "set so that a space pays with three desks in five taken", role=_L)
    staff: float = real("GBP/week", 620, (0, 1e5), (300, 1200), "staff and other fixed costs, at the UK price level",
        "guess: about one post at the median wage with its employer's costs; from half a post to two", role=_L)
    event_cost: float = real("GBP/event", 60, (0, 1e5), None, "cost of a community event", role=_L)
    staff_scale: float = real("exponent", 0.6, (0, 2), (0.4, 1.0),
        "how staff costs grow with desks; a space of 64 desks pays management.staff",
        "guess: small spaces do with less than a post")
    other_revenue: float = real("GBP/desk/week", 5, (0, 1000), (0, 12),
        "net yield of offices, rooms and events per desk, at the UK price level",
        "guess: about half of revenue is not fees (operators' surveys 2016-19); the margin on it is not published")
    other_spread: float = real("GBP/desk/week", 4, (0, 1000), (2, 8),
        "spread of that yield over spaces and years: the luck and skill of an operator",
        "guess: spreads the ages at which spaces close")
    capital: float = real("GBP/desk", 2200, (0, 20_000), (1000, 3500), "cash per desk at the opening",
        "set by the survival of young firms (2007 births): about a year of cost", role=_L)
    patience: float = real("weeks", 52, (0, 5200), (8, 104),
        "weeks of cost that an owner lends before the space closes (mean of an exponential over spaces)",
        "guess: a year, and very different from owner to owner", log=True)
    hosted: float = real("share", 0.2, (0, 1), (0.05, 0.4),
        "spaces with a host (library, university, landlord, charity) that covers a loss up to 30 % of cost",
        "guess: spaces run by public bodies and charities are a minority")
    exit: float = real("1/year", 0.04, (0, 1), (0.02, 0.08), "spaces that close for other reasons (lease, life)",
        "guess: below the least yearly deaths of young firms (2007 births: 5 %)")
    founders: float = real("1/1000 people/year", 0.6, (0, 1000), (0.2, 1.2),
        "founders who look at a place, for each 1,000 potential users", "guess: most of them do not open", log=True)
    growth: float = real("1/year", 0.1, (0, 1), None,
        "how fast founders become more; read by market: growing only, and 1 in week 0",
        "guess: listings grew by .26 a year (2,806 in mid-2024, 4,152 at the end of 2025, CoworkingCafe), of which .16 "
        "are ascribed to better listing")
    optimism: float = real("ln", 0, (-5, 5), (-0.1, 0.3), "how far founders overrate income",
        "guess: founders expect to break even, and are right on average")
    price_step: float = real("share", 0.01, (0, 1), (0.0, 0.05), "by how much the price moves in four weeks")
    desk_cost: float = real("GBP/desk", 600, (0, 1e6), None, "cost of a new desk", role=_L)
    equipment_cost: float = real("GBP/(h/week)", 400, (0, 1e6), None, "cost of an equipment hour a week", role=_L)
    training_cost: float = real("GBP/(place/week)", 1500, (0, 1e6), None, "cost of a training place a week", role=_L)
    usual_events: float = borrowed("space.events")


@mechanism("policies", 40, "public money changes spaces and regions, and sets what people can apply for", table=160)
class PoliciesParameters(NamedTuple):
    """What hours of community managers bring about."""

    events_per_hour: float = real("events/h", 0.05, (0, 10), (0.02, 0.1),
        "events that an hour of a community manager's time adds", "guess: an event takes 20 h", role=_C)
    groups_per_hour: float = real("gatherings/h", 0.02, (0, 10), None,
        "gatherings to found a group that an hour of a community manager's time adds", "guess: 50 h for each", role=_C)
