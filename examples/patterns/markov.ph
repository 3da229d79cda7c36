-- Markov chains: the next note depends on the last one. A table of weights says how likely each step is, and that is a style.
-- `markovPat` goes on by chance inside every cycle, `runMarkov` gives one list of states, the same every time.
-- Each row belongs to a note of the scale: [to 0, to 1, to 2 …]. Change: put a great number on the diagonal, and notes repeat.
-- Listen: a calypso; the melody walks by steps and returns home, since the rows say so.
bpm: 112

~chords: "<g2'major c3'major d3'dom7 g2'major>"
~states: markovPat 8 "<2 4 1 0>" [[1, 3, 2, 0, 1], [3, 0, 4, 1, 0], [1, 3, 0, 3, 1], [0, 1, 4, 0, 3], [2, 0, 1, 4, 0]]

o1: note (toScale [0, 2, 4, 7, 9] ~states + 19) # s "~pan" # gain 0.5 # pan 0.3
o2: s "~pan(3,8,<0 0 2 0>)" # note (~chords + 12) # gain 0.27 # pan -0.3
o3: note (listToPat (runMarkov 8 [[1, 4, 0], [2, 0, 3], [5, 1, 0]] 0 1) * 7 + "<-17 -12 -10 -17>") # s "bass:2" # legato 0.8 # gain 0.44
o4: s "bd ~ ~ bd:1 ~ ~ bd ~, ~ rim ~ rim*2" # gain "0.46 0.4"
o5: s "sh*8" # n (markovPat 8 0 [[2, 1, 1], [3, 0, 1], [2, 2, 0]]) # gain "0.45 0.2 0.3 0.2" # pan 0.4
o6: s "~ cb ~ [~ cb:1]" # gain 0.12 # pan -0.5

-- A steel pan: its second mode is an octave, its third a twelfth, and both die soon.
~pan: (sine 220 + sine 440.6 * curve 0.6 0 0.5 -4 + sine 661 * curve 0.35 0 0.18 -4) * 0.4 # adsr 0.002 0.35 0.15 0.25
