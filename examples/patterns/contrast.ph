-- Some events and not others. Disco: one pattern of drums and one of strings, in which functions reach only the events they are meant for.
-- `fix` and `unfix` ask for controls, `contrast` has a function for either side, the `Range` ones ask for a span of numbers;
-- `filterWhen` asks about the time, `whenT` and `while` apply a function by time; `filterOnsets` keeps beginnings, `filterDigital` events.
-- Change: (n (3, 5)) in o3. Listen: only the snare has a room; only the high notes are answered.
bpm: 118

~kit: s "[bd, hh] [hh, ~ oh] [bd, sn:2, hh] [hh, ~ oh] [bd, hh] [hh, ~ oh] [bd, sn:2, hh] [hh, ~ oh:1]"
~strings: note "<[c5 ef5 g5 c6] [bf4 d5 f5 bf5] [af4 c5 ef5 af5] [g4 b4 d5 g5]>"

o1: fix (# gain 0.52) (s "bd") $ fix ((# room 0.22) . (# size 0.7) . (# gain 0.34)) (s "sn") $ contrast (# pan 0.3) id (s "oh")
  $ ~kit # gain 0.22
o2: unfixRange (# gain 0.3) ("note", (-6, 0)) $ s "bass:2*8" # note ("<0 -2 -4 -5>" + "0 12 0 12 0 12 7 12") # legato 0.7 # gain 0.48
o3: fixRange (stut 3 0.1875 0.5) ("note", (12, 24)) $ ~strings # s "supersaw" # voice 0.6 # legato 0.9 # gain 0.42 # cutoff 2400
o4: contrastRange (# pan 0.4) (# pan -0.4) ("n", (2, 5)) $ s "perc*8" # n "0 3 1 2 0 4 1 2" # gain 0.14
o5: contrastBy (>=) (# legato 0.2) (# legato 0.8) (n "7") $ n "0 7 12 7 0 12 7 <12 19>" # s "superhammond" # voice 3 # gain 0.13
  |+ n "<12 10 8 7>" # pan 0.5
o6: unfix (# speed 1.02) (s "cb") $ s "cb [~ cb:1] clave cb" # gain 0.12 # pan -0.5
o7: filterWhen (>= 2) $ whenT (< 4) (# pan 0.5) $ s "cp:3(3,8,2)" # gain 0.2
o8: while "<f f f t>" (fast 2) $ filterOnsets $ s "tom*4" # n "0 1 2 3" # gain "<0 0 0 0.26>"
o9: s "stab:4(3,8,2)" # note (filterDigital "<0 -2 -4 -5>") # gain 0.16 # hpf 400

master: limiter -2
