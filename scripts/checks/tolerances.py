"""How close is close: relative differences."""

# Rational numbers that were rounded once or twice.
EXACT = 1e-12
# Numbers that need a quantile or tail function.
ROUNDED = 1e-9
