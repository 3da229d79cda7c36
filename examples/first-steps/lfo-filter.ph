-- A filter that breathes: any number may be a signal, also the cutoff of a filter.
-- One slow sine opens it over eight seconds, a quicker one wobbles inside.
cps: 0.55

~slow: sine 0.125 * 0.5 + 0.5
~wobble: sine "<2.2 3.3 4.4 1.1>" * 0.5 + 0.5

~bass: s "~voice*8" # note "<c2 c2 ef2 bf1>" # gain "1 0.6 0.8 0.6"
~voice: saw 65.4 + square 32.7 * 0.4 # ar 0.004 0.28

o1: ~bass # lpf (~slow * 1800 + ~wobble * 700 + 120) 3 # distort 2 0.3 * 0.42
o2: s "bd*2, ~ cp, hh*4" # gain 0.52
