"""What no single line of code says: purpose, scales and design concepts, with the questions of ODD+D on decisions."""

from __future__ import annotations

from typing import Final

__all__ = ["CONCEPTS", "PURPOSE", "SCALES"]

PURPOSE: Final = """\
Independent creative workers need skills that change fast, and have no employer to train them. A survey of 161 UK
coworking spaces in 74 ITL-3 regions (*Regional Studies* 2026) finds that spaces act as informal skill
infrastructure. The model explains how that can come about, and lets a policy analyst ask who gains from which
support, and at what public cost. It is a tool to compare mechanisms and policies, not a forecast.

Patterns that are looked for, not put in: social interaction goes with social-cognitive skills (E1) and shared
resources with technical-digital skills (E2); the second is stronger in left-behind regions (E3a), the first in the
others (E3b); independent workers report more development than employees (E4), creative ones more still, mainly in
technical-digital skills (E5); membership cost is a barrier for early careers and low incomes (E6). No equation
reads the flag of a region, and no coefficient of learning differs by region or type of worker: regions differ in
environment fields alone. With one environment for all regions (scenario `placebo`) the regional patterns must
vanish."""

SCALES: Final = """\
A step is a week. Burn-in without spaces, spin-up of a mature or growing market and horizon are set by the scenario
(`burn_in_weeks`, `spin_up_weeks`, `weeks`); weeks count from week 0, which comes after both. Space is a list of
regions; inside one, homes and spaces lie in a square (`population.region_side`) and people sit in a room
(`space.floor_per_desk`). Everybody in the model is a potential user of coworking spaces; the rest of the population
is left out. Skill is kept in shares of the frontier in week 0: a point is .01 of it. Money is kept in whole pence."""

CONCEPTS: Final = (
    ("Theoretical background", """\
Learning by practice and from hours of use closes a gap, or is limited by what comes in (`theta_td`, `theta_sc` span
both laws). Social learning joins local buzz and outside pipelines (Bathelt, Malmberg and Maskell 2004), novelty
that wears off, trust that grows, and an inverted U of cognitive distance. Adoption and awareness have Bass's form.
Membership is a random-utility choice. Each is a hypothesis: it can be switched off, and where there are rivals they
can be chosen by name."""),
    ("Individual decision-making", """\
Workers decide whether to be a member, where and on which plan (a nested logit choice, in which spaces of one place
are close to each other, looked at again at random, every eight weeks on average, and when support begins to pay);
whether to apply for a scheme (when the membership wanted with it is worth more, over the weeks of use to be
expected, than a hassle of their own); whether to accept an encounter (the busy decline some); how to split learning
time between a space and elsewhere (a share that falls with outside access). Managers follow rules of thumb: price
by occupancy, investment of a surplus, number of events, closure when the owner lends no more. Founders open a space
where they expect income to cover cost. Nobody optimises over time. Decisions on membership and encounters, and
learning, and those of managers, hosts and founders, can be replaced by a user's own in plain Python."""),
    ("Learning", """\
Skills are what the model is about; they change by the submodels social learning, resource learning and decay. Rules
of decision do not change: nobody learns to decide better. What people expect to learn in a space is what ties of
theirs have lately learnt there, smoothed over a quarter."""),
    ("Sensing", """\
People know spaces and schemes only once they have heard of them. Of a space they know price, plan, distance,
crowding, which of their ties are members, and what those have lately gained. Managers know their own books,
occupancy and who was turned away. Nobody knows the skills of strangers or the flag of a region. What is known is
known without error."""),
    ("Prediction", """\
Nobody forecasts. The expected gain of membership is the recent gain of ties; the worth of a scheme is the surplus of
membership with it over membership without it at today's price, for as long as membership usually lasts within its
term. Founders take members, desks and fees of the place as they are this week."""),
    ("Interaction", """\
Directly: encounters at tables and on visits to other tables, on joint projects, at events and in groups,
outside spaces, with colleagues and with one's team; word of spaces and schemes along ties. Indirectly:
for members of a place, for evenings, desks, equipment hours, training places, awards and budgets, and for projects, of
which a share is taken from others of the region (`income.own_expansion`)."""),
    ("Collectives", """\
Spaces, regions and firms group people and do not act by themselves, but for a space's manager. Firms are blocks of
neighbouring addresses, of which only contacts among colleagues matter. A team is one starter and those after him or
her who belong to it: it wishes for membership together and sits at one table. A group is founded by members of a space,
meets every second week, and ends when too few come or the space closes."""),
    ("Heterogeneity", """\
People differ in status, occupation, career, skills, sociability, learning time, preferred days, taste, earning
power, sponsorship, home, and what they know. Rules are the same for all, but for parameters that a status or an
occupation carries (projects and fees against wages, weights of skills). Spaces differ in price, desks, age,
cash, luck, the patience of their owners, hosts and resources."""),
    ("Stochasticity", """\
Every draw is a pure function of run, entity, purpose and week (counter-based random numbers, threefry), so a person
has the same luck in two worlds that differ in a policy. Chance decides the attributes of people, teams, projects and
fees, who hears, wishes (which last until the next look), luck of spaces, who thinks of founding, attendance, tables,
visits, evenings, foundings of groups, meetings, acceptance, queues and lots, turnover. Replicates
differ in the key of the run."""),
    ("Emergence", """\
Membership, occupancy, prices, founding, closing and survival of spaces, ties, gains by channel and their
differences between regions and groups emerge. Imposed are the shares of statuses and occupations, the frontier and
its drift, environment fields, and the size, price and capital with which spaces begin. Members of a space, churn
and price elasticity of a reference region are put in: the constants of the choice are solved for from them."""),
    ("Adaptation and objectives", """\
People adapt membership, plan and learning time to price, income, ties and access; managers adapt price, events and
resources to occupancy and cash; spaces open and close. The utility of membership is the only objective that is
written down."""),
    ("Observation", """\
Weekly series by region, status and kind of occupation; a table of all people at the end with their gains by
channel; a table of spaces; the books; an event log and the story of one person on request. Gains in a space and in
total always stand side by side. Appraisals compare worlds with and without a policy, person by person."""),
    ("Implementation and access", """\
Python 3.12, Mesa agents as views on columns, compiled rules written once. The same scenario, seed and replicate
give the same bits on one platform. A second, plain implementation in the tests must agree with the first."""),
)  # fmt: skip  # a table: a line is a row
