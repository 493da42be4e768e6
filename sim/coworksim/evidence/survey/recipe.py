"""How to fit the regression again elsewhere: a page that lies beside the tables of a survey."""

from typing import Final

from coworksim.evidence.survey.questionnaire import SCALES

NAME: Final = "recipe.md"
_FORMULA: Final = (
    "social * left_behind + resource * left_behind + independent * creative + career_middle + career_established "
    "+ months_member"
)
_TEXT: Final = """# Fit the regression again

`coefficients` has, for every survey (`replicate`), outcome and flag (`rule`), what the lines below give for one.

1. Take the members of one survey (managers have no outcome).
2. A scale is the mean of its questions: {scales}.
3. `months_member` enters as its square root: a month counts for more at first than later.
4. Scales, the outcome and that square root are standardised over these members: less their mean, by their standard
   deviation with n (not n - 1) below. `independent`, `creative`, the stages of a career and the flag stay 0 or 1.
5. Least squares; errors robust to regions with the correction CR2, and t with Satterthwaite's degrees of freedom.
6. Beside it a mixed model by restricted maximum likelihood: level and both slopes vary by region, independently of each
   other, and the level by space.

## Python

The estimates are those of `estimate`; the errors are not those of `error`. Those of statsmodels (and of linearmodels)
take the regions for many: with six regions their defaults reject {statsmodels:.0%} and {linearmodels:.0%} of true
null hypotheses at a nominal 5 %. In linearmodels 7.1 a formula of `PooledOLS` has no constant unless it says `1 +`.

```python
import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

REPLICATE, OUTCOME, RULE = {replicate}, "{outcome}", "{rule}"
SCALES = {python_scales}


def standardised(column):
    return (column - column.mean()) / column.std(ddof=0)


table = pd.read_csv("respondents.csv")
people = table[(table["role"] == "member") & (table["replicate"] == REPLICATE)]
data = pd.DataFrame({{name: standardised(people[list(items)].mean(axis=1)) for name, items in SCALES.items()}})
data["outcome"] = data[OUTCOME]
data["months_member"] = standardised(np.sqrt(people["months_member"]))
data["left_behind"] = (people[RULE] == "left-behind").astype(float)
data["independent"], data["creative"] = people["independent"].astype(float), people["creative"].astype(float)
for stage in ("middle", "established"):
    data[f"career_{{stage}}"] = (people["career_stage"] == stage).astype(float)
formula = "outcome ~ {formula}"
groups = people["region"].astype("category").cat.codes
fitted = smf.ols(formula, data).fit(cov_type="cluster", cov_kwds={{"groups": groups}})
print(fitted.params)
```

## R

clubSandwich gives `error`, `freedom` and `p`; lme4 gives `mixed_estimate` and `mixed_error`. It writes "boundary
(singular) fit" where a component is 0: that is a result, and the same here.

```r
library(clubSandwich)
library(lme4)

table <- read.csv("respondents.csv")
people <- subset(table, role == "member" & replicate == {replicate})
standardised <- function(x) (x - mean(x)) / sqrt(mean((x - mean(x))^2))
scale_of <- function(items) standardised(rowMeans(people[, items]))
data <- data.frame(
  outcome = scale_of({r_outcome}),
  social = scale_of({r_social}),
  resource = scale_of({r_resource}),
  months_member = standardised(sqrt(people$months_member)),
  left_behind = as.numeric(people${rule} == "left-behind"),
  independent = as.numeric(people$independent), creative = as.numeric(people$creative),
  career_middle = as.numeric(people$career_stage == "middle"),
  career_established = as.numeric(people$career_stage == "established"),
  region = factor(people$region), space = factor(paste(people$region, people$space))
)
formula <- outcome ~ {formula}
print(coef_test(lm(formula, data), vcov = "CR2", cluster = data$region, test = "Satterthwaite"))
mixed <- update(formula, . ~ . + (1 | region) + (0 + social | region) + (0 + resource | region) + (1 | space))
print(summary(lmer(mixed, data, REML = TRUE)))
```
"""
#: Shares of 1,000 true null hypotheses that defaults rejected at 5 % (findings/cluster-robust-six-regions.sh).
REJECTED: Final = {"statsmodels": 0.14, "linearmodels": 0.17}


def recipe(replicate: int, rule: str, outcome: str = "td_space") -> str:
    """Return the page for one survey, flag and outcome, of which the others differ in three words."""
    used = {name: SCALES[name] for name in ("social", "resource", outcome)}

    def r(name: str) -> str:
        return f"c({', '.join(f'"{item}"' for item in SCALES[name])})"

    return _TEXT.format(
        scales="; ".join(f"`{name}` of {', '.join(items)}" for name, items in used.items()),
        python_scales=used,
        formula=_FORMULA,
        replicate=replicate,
        rule=rule,
        outcome=outcome,
        r_outcome=r(outcome),
        r_social=r("social"),
        r_resource=r("resource"),
        **REJECTED,
    )
