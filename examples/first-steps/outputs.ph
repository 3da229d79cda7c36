-- Many outputs: o1 to o64 are stems of their own (see `phonon render --stems`), and `outmix`
-- says how they are summed: here divided by the square root of their number.
outmix: sqrt
cps: 0.56

o1: s "bd*4" # gain 1.2
o2: s "~ sn:1 ~ sn:1" # gain 0.8
o3: s "hh*16" # gain "0.7 0.3 0.5 0.3" # pan 0.2
o4: s "~ oh" # gain 0.5
o5: s "bass:0*8" # note "<0 0 3 5>" # gain "1.2 0.9"
o6: s "stab(3,8)" # note "<0 0 3 5>" # gain 0.6
o7: s "arpy*16" # n (irand 8) # gain 0.4 # pan (rand * 1.6 - 0.8)
o8: s "cr/8" # gain 0.5
