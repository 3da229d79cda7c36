-- Several metres at once: {…}%8 plays eight steps a cycle whatever the length of the list, so lists of 3, 5 and 7
-- drift against the beat and meet again after 105 cycles.
cps: 0.5

o1: s "{bd ~ hh}%8" # gain 0.57
o2: s "{rim ~ clave ~ ~}%8" # gain 0.35 # pan 0.4
o3: s "{pluck:3 ~ pluck:3 pluck:3 ~ pluck:3 ~}%8" # note "{0 7 12 3 10 5}%8" # gain 0.5 # pan -0.3
o4: s "{bass:4 ~ ~ bass:4 ~}%4" # note "{0 0 -2 3}%2" # gain 0.6
o5: s "{~ hh hh:1 ~ hh:3}%16" # gain 0.5
o6: s "bell:2*3" # note "{12 15 19 10}%3" # gain 0.7 # delay 0.5 0.4 0.4
