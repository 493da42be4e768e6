# Makes vectors.json: clubSandwich and lme4 on the tables that test_vectors.py writes.
#   .venv/bin/python -m tests.evidence.survey.test_vectors FOLDER && Rscript tests/evidence/survey/vectors.R FOLDER
suppressMessages({library(clubSandwich); library(lme4)})
folder <- commandArgs(TRUE)[1]
numbers <- function(x) paste0("[", paste(sprintf("%.12g", x), collapse = ", "), "]")
lines <- c()
for (file in sort(list.files(folder, pattern = "[.]csv$"))) {
  data <- read.csv(file.path(folder, file))
  data$region <- factor(data$region)
  data$space <- factor(paste(data$region, data$space))
  terms <- setdiff(names(data), c("y", "region", "space"))
  formula <- reformulate(paste0("0 + ", paste(terms, collapse = " + ")), "y")
  robust <- coef_test(lm(formula, data), vcov = "CR2", cluster = data$region, test = "Satterthwaite")
  mixed <- suppressMessages(lmer(update(formula, . ~ . + (1 | region) + (0 + social | region) + (0 + resource | region) +
    (1 | space)), data, REML = TRUE, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10))))
  spread <- as.data.frame(VarCorr(mixed))
  sd_of <- function(group, name) spread$sdcor[grepl(group, spread$grp) & spread$var1 %in% name]
  parts <- c(sd_of("region", "(Intercept)"), sd_of("region", "social"), sd_of("region", "resource"),
    sd_of("space", "(Intercept)"), sigma(mixed))
  found <- list(estimate = robust$beta, error = robust$SE, freedom = robust$df_Satt, p = robust$p_Satt,
    mixed_estimate = fixef(mixed), mixed_error = sqrt(diag(as.matrix(vcov(mixed)))), components = parts)
  rows <- paste0('    "', names(found), '": ', sapply(found, numbers))
  rows <- c(rows, paste0('    "singular": ', tolower(isSingular(mixed))))
  lines <- c(lines, paste0('  "', sub(".csv", "", file), '": {\n', paste(rows, collapse = ",\n"), "\n  }"))
}
versions <- paste0('"clubSandwich ', packageVersion("clubSandwich"), ", lme4 ", packageVersion("lme4"), ", R ", getRversion(), '"')
writeLines(paste0('{\n  "made by": ', versions, ",\n", paste(lines, collapse = ",\n"), "\n}"), "tests/evidence/survey/vectors.json")
