-- Left, right, middle and sides. After Riley: short figures, each with a place of its own. `pan` moves a mono sound, `balance` a stereo one, `haas` makes
-- one side late by milliseconds, `rotate` turns the whole image, `widener` and `midside` treat what is different on the sides, `stereo` joins
-- two sounds to one, `left right mono channel` take them apart again. The bass stays in the middle, as on every record.
-- Change: 30 in `rotate` to a signal (sine 0.1 * 90). Listen with headphones, then in mono: what goes away?
cps: 0.55

~figure: "c4 g4 d5 e5 g4 c5 d5 g5"
~mallet: s "supervibe" # gain 0.5

o1: note ~figure # ~mallet # haas 14
o2: note (slow 1.5 $ ~figure + 12) # ~mallet # pan (sine 0.11 * 0.8) * 0.8
-- Two players, left and right, out of step by a thirteenth.
o3: stereo (note (fast (13/12) $ ~figure) # s "superpiano" # velocity 0.5) (note ~figure # s "superpiano" # velocity 0.5) * 1.2
~pad: s "supersaw/2" # note "<c3'major a2'min7 f2'maj7 g2'sus4>/2" # attack 0.8 # legato 1 # release 1 # cutoff 1800 # gain 0.6
-- The middle of the pad makes room for the melody: less of it, and more of the sides.
o4: ~pad # midside 0.5 1.3 # balance (sine 0.07 * 0.5)
o5: s "pad:1/4" # note "<0 -3 -7 -5>/2" # gain 0.5 # rotate (phasor 0.03 * 360) # widener 1.6
o6: (s "sh*8" # gain "0.6 0.3" # pan "0.7 -0.7") + (s "clave(3,8)" # gain 0.16 # pan (-0.3) # reverb 0.6 0.4 0.3 # widener 1.8)
-- A wide bass, of which only the middle is kept below: crossed over at 160 Hz.
~wide: s "superreese*4" # note "<c2 a1 f1 g1>/2" # legato 0.8 # gain 0.7
o7: (~wide # mono # crossover 160 0) + (~wide # crossover 160 1) * 0.5
-- The left one of two rooms, heard from the right.
~room: s "~ rim ~ ~" # gain 0.4 # reverb 0.9 0.3 0.8
o8: stereo (channel ~room 1) (channel ~room 0) # balance 0.6
o9: s "bd ~ ~ ~ bd ~ ~ ~" # gain 0.55

master: limiter -2
