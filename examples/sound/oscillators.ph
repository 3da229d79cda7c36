-- Oscillators. Trance, of which every part is another way to make a tone: `supersaw` (seven of them, apart), `vco` (from saw to sine), `additive`
-- (a list of partials), `blip` (all of them alike), `wavetable` (rows of single cycles: one walks along), `fm` and `pm` (a phase that is
-- moved), `fmcrossmod` (two that move each other: noise, nearly), `pulse`. `xline` is a fall by octaves, for drums and for sirens.
-- Change: the table "sync" to "fold" or "harmonics". Listen: what moves in a sound whose pitch stands still?
bpm: 136

~chord: "<a3'min7 f3'maj7 c4'major g3'sus4>"
~pump: 1 - tar "1*4" 0.002 0.24 * 0.85
~arp: "<[a4 e5 c5 a4 e5 a5 c5 e5]!2 [g4 e5 c5 g4 e5 g5 c5 e5] [g4 d5 c5 g4 d5 g5 c5 d5]>*2"

o1: supersaw ~chord 0.35 # lpf (range 700 5200 (slow 16 sine)) 1.2 * ~pump * 0.24 # reverb 0.7 0.5 0.25
o2: (wavetable ~arp "sync" (sine 0.09 # unipolar) * tar "1*16" 0.002 0.11) * "<0 0.22 0.22 0.22>/2" # delay (3/16) 0.5 0.4 :sync 1 # pan (sine 0.17 * 0.5)
o3: vco "<[a1 a1 a2 a1]*4 [f1 f1 f2 f1]*4 [c2 c2 c3 c2]*4 [g1 g1 g2 g1]*4>" (sine 0.12 + 1) # lpf 900 1 * tar "[~ 1 1 1]*4" 0.003 0.13 * 0.36
o4: sine (xline 400 44 0.09 "1*4") * tar "1*4" 0.001 0.28 * 0.56
o5: fm "<a5 ~ e5 ~>" "<a5 ~ e5 ~>" (tar "<1 ~ 1 ~>" 0.001 1.2 * 3) * tar "<1 ~ 1 ~>" 0.001 1.8 * 0.14 # reverb 0.9 0.4 0.5
o6: additive "<a2 f2 c3 g2>" "1 0 0.5 0 0.35 0.2 0 0.3 0 0.1" * tadsr "1*2" 0.01 0.3 0.4 0.2 * ~pump * 0.24 # chorus 0.4 0.5 0.4
o7: (blip "<a4 a4 c5 d5>" (1 + tar "~ 1 [~ 1] 1" 0.01 0.2 * 14)) * tar "~ 1 [~ 1] 1" 0.004 0.2 * 0.16 # pan 0.4
o8: pm 55 (saw 110 * 2) (tar "1(5,16,2)" 0.003 0.12 * 5) # hpf 200 * tar "1(5,16,2)" 0.003 0.14 * 0.14 # pan (-0.4)
o9: fmcrossmod 3100 4700 4 3 * (tar "[~ 1]*4" 0.001 0.06 + tar "1*16" 0.001 0.025 * 0.5) # hpf 6000 * 0.13
o10: white * tar "~ 1 ~ 1" 0.001 0.14 # bpf 1700 0.6 * 0.5
-- A siren before the turn.
o11: supersaw (xline 220 3520 8 "<1 ~ ~ ~ ~ ~ ~ ~>") 0.5 # hpf 800 * (slow 8 saw) * 0.12

master: limiter -1.2
