-- Listening. A trio in which nobody has a score but the drummer: the others hear him and each other. `peak_follower`, `amp_follower` and `rms` hear
-- how loud something is, `onset` where it begins, `pitch` and `zero_crossing` how high it is, `spectral_centroid` how bright.
-- `scope` shows a signal to an editor, `tap` records it (break.wav, beside this file) while all goes on. Change: the break's number.
-- Listen: stop the break (`hushN 1` is not enough: take it out of ~drums), and everything stops.
bpm: 104

~drums: s "break" # n "<2 2 2 4>" # unit "c" # speed 1 # gain "<0.9 0.9 0.9 0.7>"
~hit: onset ~drums 8 0.09

o1: ~drums # tap "break.wav" 4 * 0.9
-- The bass opens with every stroke, and its notes wait for one (`sample_hold`).
~root: mtof (sample_hold ("<36 36 32 34>" + "0 0 7 12") ~hit)
o2: (saw ~root + square ~root * 0.5) # lpf (peak_follower ~drums 0.002 0.16 * 3400 + 130) 2 * 0.13
-- A string, plucked by the drummer.
~string: pluck (mtof (sample_hold "<60 63 67 70 72 67 65>*16" ~hit)) 0.3 ~hit
o3: ~string * 0.3 # pan 0.3 # delay (3/8) 0.4 0.3 :sync 1 # scope "string"
-- Somebody hums along with a lead that is not heard itself: the pitch that was found, an octave lower, as loud as it was.
~lead: note "<[g4 ~ ef4 f4] [c5 ~ ~ bf4] [af4 ~ c5 ef5] [d5 ~ bf4 ~]>" # s "superfork" # legato 1.4 # gain 0.6
o4: vco (pitch ~lead * 0.5 # lag 0.06) 2.4 * (rms ~lead 0.08) * 2.2 # vibrato 5 0.15 # reverb 0.8 0.4 0.3 # pan -0.3
-- A machine that counts crossings makes a fifth of the bass out of its lowest partial.
o5: square (zero_crossing (sine ~root) * 1.5 # lag 0.02) # lpf 700 * amp_follower ~drums 0.05 0.4 0.05 * 0.34 # pan 0.15
-- Breath as bright as the cymbals are.
o6: white # bpf (spectral_centroid ~drums # lag 0.05) 3 * amp_follower ~drums 0.01 0.25 * 0.5 # pan (sine 0.2 * 0.6)

master: limiter -1.5
