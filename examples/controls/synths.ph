-- The knobs of the built-in synths. Synthwave: an instrument's parameters are controls of its events, and so are patterns. `phonon help superfm`
-- lists them; here the FM piano (`ratio3 mod12 mod23 feedback`), the organ (`percf vrate`), the piano (`velocity detune muffle`), the saws
-- (`semitone lfo rate pitch1 resonance`) and the chip (`slide pitch2 pitch3`). Change: `mod12`. Listen: how hard the FM keys are hit.
bpm: 102

~chords: "<a2'min7 f2'maj7 c3'major g2'major>"

o1: s "superkick*4" # gain 0.62
o2: s "~ supersnare ~ supersnare" # gain 0.5 # reverb 0.6 0.5 0.25
o3: s "superhat*8" # decay "1 0.6 0.8 2" # gain "0.3 0.18" # pan 0.2
o4: s "superfm(3,8)" # note ~chords # ratio2 1 # ratio3 14 # mod12 "1 0.6 <0.8 3>" # mod23 0.4 # feedback 0.3 # decay 0.6 # legato 1.2 # gain 0.52
o5: s "supersaw*8" # note "<a1 f1 c2 g1>" # semitone -12 # lfo 0.4 # rate 0.2 # pitch1 "0.4 <0.3 0.8>" # resonance 0.3 # legato 0.7 # gain 0.7
o6: s "superhammond" # note ~chords # voice 6 # percf "<3 4>" # vrate "<1 6>" # gain 0.3 # attack 0.1 # pan -0.3
o7: note "<[e5 ~ d5 c5] [a4 ~ c5 ~] [g4 c5 e5 g5] [d5 ~ b4 ~]>" # s "superchip" # slide "<0 0 0.1>" # pitch2 1.5 # pitch3 2 # legato 0.8
  # gain 0.34 # delay 0.441 0.4 0.4
o8: every 2 (const (s "~")) $ note "a5 e5 c5 b4" # s "superpiano" # velocity "0.9 0.5" # detune 0.4 # muffle 3 # gain 0.34 # pan 0.4

master: limiter -2
