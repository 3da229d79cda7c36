-- A bus may hear itself. The reference that closes the loop reads the sample before, or goes
-- through a delay line: here an echo that turns darker, thinner and more broken every time round.
cps: 0.45

~hit: s "pluck:1(3,8)" # note "<0 3 7 10>" # gain 0.7
~loop: ~hit + (~loop # delay 0.333 0 1 # lpf 1800 0.7 # hpf 250 0.7 # distort 1.5 0.5) * 0.78

-- Two oscillators that bend each other's pitch: a slow chaos.
~one: sine (110 + ~two * 90)
~two: sine (73 + ~one * 160)

o1: ~loop # reverb 0.6 0.5 0.25 * 0.9
o2: (~one + ~two) * 0.1 # lpf 900
o3: s "bd ~ [~ bd] ~" # gain 0.52
