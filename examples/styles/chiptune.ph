-- Four voices, as in a toy of 1985: two pulses, a triangle, noise. Arpeggios stand in for chords: notes so quick
-- that the ear puts them together. The lead rests for four bars in sixteen, as if a level had been won.
-- Change: the 8 of [c4 ef4 g4]*8 to 4, and hear the chord fall apart.
bpm: 150

~arp: pulse "<[c4 ef4 g4]*8 [c4 ef4 g4]*8 [af3 c4 ef4]*8 [bf3 d4 f4]*8>" 0.25
~lead: pulse "<[c5 ~ ef5 g5] [f5 ef5 d5 bf4] [c5 ef5 af5 g5] [f5 d5 bf4 ~]>*2" (sine 0.7 * 0.2 + 0.5)
~bass: tri "<c2 c2 af1 bf1> <c3 c3 af2 bf2>" * tadsr "1*8" 0.002 0.1 0.6 0.03

o1: ~arp # hpf 40 * 0.12 # pan -0.3
o2: ~lead # hpf 40 * tadsr "<1*8!12 ~!4>" 0.002 0.12 0.5 0.05 * 0.2 # delay 0.2 0.3 0.25 # pan 0.25
o3: ~bass * 0.3
o4: white * tar "<1*8!3 [1*4 1*8]>" 0.001 "0.02 0.02 0.12 0.02" * 0.25
o5: s "<bd:4*4!7 [bd:4*2 bd:4*4]>" # gain 0.4 # bitcrush 6

master: limiter -1.5
