-- Words for everyday use. Breakbeat house: `hurry 2` is `faster`, gain times 1.2 is `louder`, and a drum has a name in every language.
-- `grp` cuts words at their colons into controls (`mS mF mN mI` say which), `pF pI pN pS` set a control of any name, `swap` translates,
-- `drum` and `midinote` speak MIDI. `asr` holds a note for as long as it lasts; `crunch` is crush at three bits.
-- Change: a word of o1, name:variant:pan. Listen: `faster` and `slower` change pitch as well, as on a turntable.
bpm: 124

o1: grp [mS "s", mI "n", mF "gain", mF "pan"] "bd:2:0.5:0 hh:1:0.3:-0.4 [sn:2:0.36:0.1 hh:0:0.2:0.4] oh:1:0.24:0.3"
o2: grp [mS "s", mN "note"] "bass:0 ~ bass:12 [~ bass:-2]" |* gain 0.42 |+ note "<0 0 -4 -2>"
o3: swap [("a", "rim"), ("b", "clave"), ("c", "cp")] "a ~ b a ~ [~ a] b <~ c>" # s # gain 0.2 # pan -0.5
o4: every 4 faster $ every 8 slower $ s "break:4" # unit "c" # speed 1 # gain 0.2 # hpf 400
o5: every 4 (higher . louder) $ every 3 lower $ s "~ stab:3 ~ [~ stab:3]" # speed 1 # gain 0.24
o6: every 4 crunch $ s "[~ oh:2]*4" # gain 0.14 # pan 0.3
o7: midinote "<[67 ~ 70 72] [65 68 ~ 72]>" # s "superpwm" # asr 0.01 0.3 # legato 0.7 # gain 0.5 # delay 0.363 0.4 0.35
o8: note "<c3'min7 c3'min7 af2'maj7 bf2'dom7>" # s "superhammond" # voice 2 # asr 0.4 0.8 # gain 0.28
o9: s "perc*8" # drum "rs lt ~ ht rs ~ mt [ht ht]" # gain 0.16 # pan 0.5
o10: pS "s" "vox:1 ~ ~ ~" # pN "note" "<c4 ef4>" # pF "gain" 0.5 # pI "cut" 1 # legato 0.4 # delay 0.363 0.5 0.4
o11: every 2 silent $ s "~ ~ ~ [sn:6 sn:6*2]" # gain "0.2 0.12"

master: limiter -2
