-- Euclidean rhythms: (k,n,r) spreads k hits over n steps as evenly as it can, turned by r.
-- Many of the world's claves are among them. Numbers in <> change every cycle.
cps: 0.52

o1: s "bd(<3 3 5 3>,8,<0 0 2>)" # gain 0.48
o2: s "rim(5,16,2), clave(7,16)" # gain "0.25 0.35" # pan 0.3
o3: s "hh(11,16,<4 8>)" # gain "0.7 0.4 0.6 0.4" # pan -0.3
o4: s "perc:0(3,8,<3 5>) perc:1(-5,8)" # speed "1 1.2" # gain 0.4
o5: s "bass:4(5,16,<0 3>)" # note "<0 0 3 -2>" # gain 0.48
