# Writes diagnostic.json: random diagnostic studies with the fits of metafor (rma.mv) and lme4 (glmer), made to converge.
# Rscript make_diagnostic.R OUTPUT [count] [seed]
suppressMessages({library(metafor); library(lme4)})
args <- commandArgs(TRUE)
n_sets <- if (length(args) > 1) as.integer(args[2]) else 6
set.seed(if (length(args) > 2) as.integer(args[3]) else 20240502)
num <- function(x) if (length(x) == 0 || is.na(x)) "null" else sprintf("%.17g", x)
vec <- function(x) paste0("[", paste(vapply(as.numeric(x), num, ""), collapse = ","), "]")
obj <- function(...) { l <- list(...); paste0("{", paste(sprintf("\"%s\":%s", names(l), unlist(l)), collapse = ","), "}") }
quiet <- function(e) suppressWarnings(suppressMessages(tryCatch(e, error = function(x) NULL)))
ctl <- glmerControl(optimizer = "bobyqa", optCtrl = list(maxfun = 1e6, rhobeg = 2e-3, rhoend = 1e-10), tolPwrss = 1e-12)
sets <- character(0)
for (i in seq_len(n_sets)) {
  k <- sample(c(5, 8, 14, 20), 1); n1 <- sample(15:120, k, TRUE); n2 <- sample(20:300, k, TRUE)
  s <- runif(2, 0.3, 1.2); rho <- runif(1, -0.8, 0.8); z1 <- rnorm(k); z2 <- rho * z1 + sqrt(1 - rho^2) * rnorm(k)
  tp <- rbinom(k, n1, plogis(runif(1, 0.8, 2.5) + s[1] * z1)); fp <- rbinom(k, n2, plogis(runif(1, -2.5, -0.8) + s[2] * z2))
  fn <- n1 - tp; tn <- n2 - fp
  long <- data.frame(st = factor(rep(1:k, 2)), out = factor(rep(c("a", "b"), each = k)),
    y = c(log((tp + .5) / (fn + .5)), log((fp + .5) / (tn + .5))), v = c(1 / (tp + .5) + 1 / (fn + .5), 1 / (fp + .5) + 1 / (tn + .5)),
    e = c(tp, fp), n = c(n1, n2), a = rep(1:0, each = k), b = rep(0:1, each = k))
  biv <- function(m) { r <- quiet(rma.mv(y, v, mods = ~ out - 1, random = ~ out | st, struct = "UN", method = m, data = long,
      control = list(optimizer = "nlminb", rel.tol = 1e-11, iter.max = 1000, eval.max = 2000)))
    if (is.null(r)) "null" else vec(c(r$beta, r$vb[c(1, 2, 4)], r$tau2[1], r$rho * sqrt(prod(r$tau2)), r$tau2[2], logLik(r))) }
  g <- quiet(glmer(cbind(e, n - e) ~ 0 + a + b + (0 + a + b | st), data = long, family = binomial, control = ctl))
  gl <- if (is.null(g)) "null" else { V <- VarCorr(g)$st; vec(c(fixef(g), as.matrix(vcov(g))[c(1, 2, 4)], V[1, 1], V[1, 2], V[2, 2], logLik(g))) }
  uni <- function(q) { u <- quiet(glmer(cbind(e, n - e) ~ 1 + (1 | st), data = long[1:k, ], family = binomial, nAGQ = q, control = ctl))
    if (is.null(u)) "null" else vec(c(fixef(u), sqrt(as.matrix(vcov(u))[1, 1]), VarCorr(u)$st[1, 1])) }
  sets <- c(sets, obj(tp = vec(tp), fn = vec(fn), fp = vec(fp), tn = vec(tn), reml = biv("REML"), ml = biv("ML"), glmm = gl, univariate1 = uni(1), univariate7 = uni(7)))
}
cat(paste0("{\"tool\":\"metafor ", packageVersion("metafor"), ", lme4 ", packageVersion("lme4"), "\",\"sets\":[\n", paste(sets, collapse = ",\n"), "]}\n"), file = args[1])
