-- Other tunings. A slow machine in 31, 19, 10 and 5 steps: `tuning` reads notes as steps of an equal division of the octave (or of a Scala
-- file); `toScale'` repeats a scale in an octave of another size; fractions of semitones are allowed wherever notes are.
-- `harmonic` series need no scale at all: multiples of one frequency. Change: "31edo" to "12edo". Listen: how still the thirds become.
cps: 0.3

o1: slow 2 $ note (tuning "31edo" "<[0,10,18] [13,23,31] [8,18,26] [18,28,36]>" - 12) # s "superhammond" # voice 2 # attack 0.6 # release 1
  # vrate 0.4 # gain 0.7 # reverb 0.8 0.4 0.3
o2: note (tuning "19edo" "0 5 11 16 <19 22> 16 11 5") # s "supervibe" # legato 2 # gain 0.4 # pan 0.4
o3: note (toScale' 10 [0, 2, 3, 7] "{0 1 2 3 4 5 7}%8") # s "superfork" # legato 2 # gain 0.3 # pan -0.4
o4: freq ("65.4" * "<[2 3 5] [3 4 6] [4 5 7] [3 5 8]>") # s "superfork" # legato 3 # gain 0.4
o5: note (tuning "5edo" "{0 3 1 4 2}%16" + 12) # s "pluck:5" # legato 0.5 # gain 0.16 # pan (sine2 * 0.7) # delay 0.42 0.5 0.4
o6: s "supergong" # note "<-24 ~ -17 ~>" # legato 3 # gain 0.7
o7: s "bd:4 ~ ~ bd:4 ~ ~ ~ ~" # gain 0.36
o8: s "sh*8" # gain "0.3 0.16"
