# Writes metafor.json: random syntheses with what metafor says of them, iterated to convergence.
# Rscript make_vectors.R OUTPUT [count] [seed]
suppressMessages(library(metafor))
args <- commandArgs(TRUE)
n_sets <- if (length(args) > 1) as.integer(args[2]) else 24
set.seed(if (length(args) > 2) as.integer(args[3]) else 20240501)
num <- function(x) if (length(x) == 0 || is.na(x)) "null" else if (is.infinite(x)) "null" else sprintf("%.17g", x)
vec <- function(x) paste0("[", paste(vapply(as.numeric(x), num, ""), collapse = ","), "]")
obj <- function(...) { l <- list(...); paste0("{", paste(sprintf("\"%s\":%s", names(l), unlist(l)), collapse = ","), "}") }
str <- function(x) paste0("\"", x, "\"")
tight <- list(threshold = 1e-13, maxiter = 100000, stepadj = 0.5, tol = 1e-15)
quiet <- function(e) suppressWarnings(suppressMessages(tryCatch(e, error = function(x) NULL)))
sets <- character(0)
for (i in seq_len(n_sets)) {
  k <- sample(c(2, 3, 4, 5, 8, 13, 25), 1)
  tau <- sample(c(0, 0.001, 0.05, 0.3, 2), 1)
  vi <- runif(k, 0.005, 0.2) * 10^runif(k, 0, sample(c(0, 2), 1))
  x1 <- round(rnorm(k), 2); x2 <- round(runif(k, 1900, 2000))
  yi <- rnorm(1) + 0.2 * x1 + rnorm(k, 0, sqrt(vi + tau^2))
  fits <- character(0)
  for (m in c("EE", "DL", "PM", "REML", "ML", "HE", "HS", "SJ", "EB")) for (t in c("z", "t", "knha", "adhoc")) {
    r <- quiet(rma(yi, vi, method = m, test = t, control = tight)); if (is.null(r)) next
    p <- predict(r)
    a <- if (t == "z" && m != "EE") quiet(confint(r, control = list(tol = 1e-15, tau2.max = 1e6))$random) else NULL
    fits <- c(fits, obj(method = str(m), test = str(t), beta = num(r$beta), se = num(r$se), p = num(r$pval), lower = num(r$ci.lb),
      upper = num(r$ci.ub), tau2 = num(r$tau2), se_tau2 = num(r$se.tau2), i2 = num(r$I2), h2 = num(r$H2), q = num(r$QE), qp = num(r$QEp),
      loglik = num(logLik(r)), aic = num(AIC(r)), pi_lower = if (m == "EE") "null" else num(p$pi.lb), pi_upper = if (m == "EE") "null" else num(p$pi.ub),
      profile = if (is.null(a)) "null" else vec(c(a[1, 2:3], a[3, 2:3], a[4, 2:3]))))
  }
  regs <- character(0)
  if (k >= 5) for (m in c("DL", "PM", "REML", "ML", "HE", "SJ")) for (t in c("z", "knha", "adhoc")) {
    r <- quiet(rma(yi, vi, mods = ~ x1 + x2, method = m, test = t, control = tight)); if (is.null(r)) next
    regs <- c(regs, obj(method = str(m), test = str(t), beta = vec(r$beta), se = vec(r$se), p = vec(r$pval), tau2 = num(r$tau2), se_tau2 = num(r$se.tau2),
      i2 = num(r$I2), h2 = num(r$H2), q = num(r$QE), loglik = num(logLik(r)), qm = num(r$QM), qmp = num(r$QMp), r2 = num(r$R2)))
  }
  rest <- character(0)
  if (k >= 3) {
    r <- rma(yi, vi, method = "DL"); rr <- rma(yi, vi, method = "REML", control = tight)
    e1 <- quiet(regtest(r, model = "lm")); e2 <- quiet(regtest(rr)); b <- quiet(ranktest(r))
    f <- quiet(influence(rr)); l <- quiet(leave1out(rr))
    fill <- character(0)
    for (est in c("L0", "R0", "Q0")) for (s in c("left", "right")) { u <- quiet(trimfill(r, estimator = est, side = s)); if (is.null(u)) next
      fill <- c(fill, obj(estimator = str(est), side = str(s), k0 = num(u$k0), beta = num(u$beta), se = num(u$se))) }
    rest <- obj(egger = vec(c(e1$zval, e1$pval, e1$est)), mixed = vec(c(e2$zval, e2$pval, e2$est)), begg = vec(c(b$tau, b$pval)),
      cook = vec(f$inf$cook.d), rstudent = vec(f$inf$rstudent), dffits = vec(f$inf$dffits), covratio = vec(f$inf$cov.r), weight = vec(weights(rr)),
      leave = vec(l$estimate), leave_tau2 = vec(l$tau2), fill = paste0("[", paste(fill, collapse = ","), "]"))
  }
  sets <- c(sets, obj(yi = vec(yi), vi = vec(vi), x1 = vec(x1), x2 = vec(x2), fits = paste0("[", paste(fits, collapse = ",\n"), "]"),
    regressions = paste0("[", paste(regs, collapse = ",\n"), "]"), rest = if (length(rest)) rest else "null"))
}
tables <- character(0)
for (i in seq_len(n_sets)) {
  k <- sample(2:8, 1); n1 <- sample(3:60, k, TRUE); n2 <- sample(3:60, k, TRUE)
  a <- rbinom(k, n1, runif(k, 0, 0.5)); c <- rbinom(k, n2, runif(k, 0, 0.5))
  out <- character(0)
  for (m in c("OR", "RR", "RD")) {
    mh <- quiet(rma.mh(measure = m, ai = a, n1i = n1, ci = c, n2i = n2)); if (is.null(mh)) next
    es <- character(0)
    for (to in c("none", "only0", "if0all", "all")) { s <- quiet(escalc(measure = m, ai = a, n1i = n1, ci = c, n2i = n2, to = to))
      es <- c(es, obj(to = str(to), yi = vec(s$yi), vi = vec(s$vi))) }
    out <- c(out, obj(measure = str(m), beta = num(mh$beta), se = num(mh$se), q = num(mh$QE), qp = num(mh$QEp), i2 = num(mh$I2),
      mh = if (m == "OR") num(mh$MH) else "null", mhp = if (m == "OR") num(mh$MHp) else "null", escalc = paste0("[", paste(es, collapse = ","), "]")))
  }
  pe <- quiet(rma.peto(ai = a, n1i = n1, ci = c, n2i = n2))
  ps <- character(0)
  for (m in c("PR", "PLN", "PLO", "PAS", "PFT")) { s <- quiet(escalc(measure = m, xi = a, ni = n1)); ps <- c(ps, obj(measure = str(m), yi = vec(s$yi), vi = vec(s$vi))) }
  tables <- c(tables, obj(a = vec(a), n1 = vec(n1), c = vec(c), n2 = vec(n2), pooled = paste0("[", paste(out, collapse = ","), "]"),
    peto = if (is.null(pe)) "null" else vec(c(pe$beta, pe$se, pe$QE, pe$QEp)), proportions = paste0("[", paste(ps, collapse = ","), "]")))
}
cat(paste0("{\"tool\":\"metafor ", packageVersion("metafor"), "\",\"sets\":[\n", paste(sets, collapse = ",\n"), "],\n\"tables\":[\n", paste(tables, collapse = ",\n"), "]}\n"), file = args[1])
