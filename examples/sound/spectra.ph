-- Spectral processing: the sound is taken apart into partials and put together otherwise. Electro with a robot: `vocoder` gives a chord the
-- consonants of a drum loop, `pitch_shift` sings a second and a third voice to a first, `spectral_blur` makes a cloud of a clap,
-- `spectral_gate` leaves the strong partials of a break, as if it were made of bells; `spectral_smear` turns
-- tones into bands, `spectral_freeze` holds a moment; `spectral_shift`, `_comb`, `_scramble` and `_brick` move and drop bins. They are 46 ms late, so `nudge` plays some of them early. Change: "<7 5>" in o3. Listen: who sings what the drums say?
bpm: 112

~break: s "break:1" # unit "c" # speed 1 # gain 0.7
~tune: note "<[c4 ~ ef4 c4] [g4 ~ f4 ~] [af4 g4 ~ ef4] [f4 d4 bf3 ~]>" # s "superfork" # legato 1.2

o1: ~break # vocoder (saw "<c3'min7 af2'maj7 ef3'major bf2'major>" + saw "<c2 af1 ef2 bf1>") 24 0.003 0.06 * 1.4
o2: (~tune # gain 0.6) # pan -0.2 # reverb 0.6 0.4 0.25
o3: (~tune # gain 0.4 # nudge (-0.046)) # pitch_shift "<7 5>" # pan 0.5
o4: (~tune # gain 0.4 # nudge (-0.046)) # pitch_shift (-12) # pan -0.5
o5: (s "~ cp ~ cp" # gain 0.34) + (s "~ cp ~ <~ cp>" # gain 0.5 # spectral_blur 1.2 * 1.6)
o6: (~break # nudge (-0.046)) # spectral_gate (range (-44) (-26) (slow 8 tri)) 60 0.12 # hpf 300 * 0.9 # pan 0.2
o7: s "808bd(<3 3 5>,8)" # n 2 # gain 0.6
o8: s "<~ ~ ~ pad:2>" # note 3 # gain 0.6 # spectral_smear 0.5 # spectral_freeze "0 0 0 1" # pan (sine 0.2 * 0.5)
o9: s "bass:1*8" # note "<c4 af3 ef4 bf3>" # legato 0.6 # gain 0.45
o10: s "~ [~ hh:2]*2" # gain 0.5 # spectral_shift 0.7 3 # spectral_comb 24 0.5 # pan 0.4
o11: every 2 (# hbrick 0.3) $ s "<~ ~ ~ vox>" # gain 0.3 # spectral_scramble 0.3 0.02 # spectral_brick (-0.6)

master: limiter -1.5
