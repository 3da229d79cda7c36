-- The sample player. Trip hop out of four sounds: `begin` and `end` are shares of a sample, `speed` counts rates, or with `unit "c"` cycles,
-- `loop` repeats, `accelerate` bends; `dur` and `sustain` are seconds, `legato` shares of the event, in that order of rank;
-- `attack hold decay sustainlevel release` shape it, `fadeInTime` and `fadeTime` only take the clicks away. `cut` mutes the one before.
-- Change: `speed "-1"` to "1". Listen: the same break, four times, and hardly to be recognised.
bpm: 80

o1: s "break:2*2" # begin "0 <0.5 0.25>" # end "0.5 1" # unit "c" # speed "1 <1 2>" # legato 1 # gain 0.62
o2: s "~ break:2 ~ break:2" # speed "-1" # begin 0.6 # hold 0.1 # attack 0.12 # release 0.05 # cut 1 # gain 0.5 # pan -0.4
o3: s "pad:2/2" # note "<-3 -7>/2" # begin 0.2 # attack 1 # decay 0.8 # sustainlevel 0.5 # dur 4 # release 1.5 # gain 0.5
o4: s "vox:2 ~ ~ <~ vox:2>" # loop 3 # end 0.12 # fadeInTime 0.01 # fadeTime 0.06 # speed "1 1.5" # gain 0.5 # delay 0.5625 0.5 0.4
o5: s "bass:1 ~ bass:1 [~ bass:1]" # note "<-3 -3 -7 <-5 -2>>" # sustain "0.4 0.2 0.5" # accelerate "0 0 -0.2" # gain 0.56
o6: s "hh(9,16)" # dur "0.03 0.03 0.15" # gain "0.5 0.26" # pan 0.2
o7: s "bell:4/2" # note "<12 [10 7]>" # speed 0.5 # gain 0.34 # reverb 0.8 0.5 0.5
o8: s "noise:4" # gain 0.6 # hpf 2800
