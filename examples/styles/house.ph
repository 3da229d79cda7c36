-- House: four to the floor, the open hat between, a clap on two and four, an organ that skips, and a pump: the
-- chords are turned down by every kick (an envelope the other way up). The kick leaves for two bars in sixteen while a filter opens.
-- Change: 0.28, how soon the chords come back. Listen: the bar before the kick returns.
bpm: 122

~pump: 1 - tar "1*4" 0.002 0.28 * 0.8
~form: "<t!14 f f>"
~chords: s "[~ stab:1] [stab:1 ~] [~ stab:1] [~ stab:1?]" # note "<0 0 -4 -2>"

o1: mask ~form $ s "909bd*4" # gain 0.58
o2: s "~ cp ~ <cp cp cp [cp ~ ~ cp]>" # gain 0.45
o3: mask "<f!4 t!12>" $ s "[~ oh:1]*4" # gain 0.55
o4: s "hh*16" # gain "0.7 0.3 0.5 0.3" # pan 0.2
o5: (~chords # lpf (range 900 7000 (slow 16 saw)) 1 # reverb 0.7 0.5 0.3) * ~pump * 0.95
o6: mask ~form $ s "[~ bass:5]*4" # note "<0 0 -4 -2>" + "0 0 <0 12> 0" # gain 0.55
o7: s "vox:3/4" # gain 0.4 # reverb 0.8 0.4 0.4
o8: mask "<f!8 t!8>" $ note "<[c5 ~ ~ g4 ~ ~ ef5 ~] ~ [af4 ~ ~ c5 ~ ~ bf4 ~] ~>" # s "superpiano" # velocity 0.8 # gain 0.5 # pan -0.3 # delay (3/16) 0.4 0.3 :sync 1

master: limiter -1.2
