o1: s "bd" -- Käse → ☃
o2: ünknown "ß"
