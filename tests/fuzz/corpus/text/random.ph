o1: degradeBy 0.3 $ s "bd*8?" # n (irand 8) # pan rand
o2: s "[bd|sn|hh]*4" # gain perlin
