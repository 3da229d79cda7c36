-- Instruments of one's own: a bus whose name `s` plays, a voice for each event. What it reads with `ctl` is a control of its events.
cps: 0.5

~pluck: saw 110 + saw 110.7 # lpf (ctl "cutoff" 1200 * curve 1 0.2 0.4 -4) (1 + 4 * ctl "resonance" 0.2) * 0.25
~glass: sine (ctl "freq" 440) 0 (0.2 * ctl "voice" 1 * curve 1 0 0.3 -4 * sine (ctl "freq" 440 * 3.01)) # pan (sine 0.7 * 0.5)
~bass: square 55 + sine 55 # lpf 400 * 0.4

o1: s "bd [~ ~pluck] sn [~pluck hh]" # note "0 7 0 <10 12>" # gain 0.41
o2: note "<c3 ef3 g3 bf3>(5,8)" # s "~pluck" # cutoff "800 1600 3200" # resonance "<0.1 0.6>" # gain 0.32
o3: note "<[c2 c3] [ef2 bf1]>" # s "~bass" # glide 0.12 # legato 0.9 # gain 0.25
o4: note "<c5'min7 bf4'major>*2" # s "~glass" # voice "<0.5 2>" # segments "0 1 0.3 0" "0.005 0.2 0.8" -3 # gain 0.2
o5: saw "<g4 ef4>*8" # ar 0.003 0.12 # gain 0.11
