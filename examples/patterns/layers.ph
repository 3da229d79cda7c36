-- Layers. Dub techno: one chord, many of it. `stutter` and its kin `double`, `triple`, `quad` repeat; `echo` repeats more softly;
-- `layer` plays what each of several functions makes, `superimpose` adds one; `spin` sends copies round the room; `juxBy`, `jux'` and `jux4`
-- put changed copies left and right, `juxcut` in a cut group for each side; `offadd` answers in another key.
-- Change: the 0.375 in o2. Listen: with closed eyes, to where a sound comes from.
bpm: 118

~stab: s "stab:0(3,8,<0 2>)" # note "<0 0 -2 3>" # cutoff (range 500 2600 $ slow 8 sine) # resonance 0.2

o1: s "bd:2*4" # gain 0.42
o2: juxBy 0.7 (0.03125 ~>) $ echo 5 0.375 0.62 $ (~stab # gain 0.24) # reverb 0.8 0.5 0.3
o3: spin 3 $ s "~ ~ rim ~" # gain 0.2 # delay 0.381 0.5 0.4
o4: layer [id, (# speed 1.5) . (0.125 ~>), (# speed 0.75) . (|* gain 0.6)] $ s "~ perc:2 ~ ~ perc:2? ~ ~ ~" # gain 0.24 # pan 0.3
o5: jux' [id, (1/16 ~>), rev] $ s "hh:1*8" # gain "0.3 0.16"
o6: juxcut (# speed 1.01) $ s "~ oh:2" # gain 0.2
o7: jux4 (0.25 ~>) $ s "sh(5,16)" # gain 0.16
o8: juxcut' [id, (# speed 0.5)] $ s "cr/8" # gain 0.22
o9: offadd 0.375 (note "<7 12>") (note "<c5 ~ bf4 ef5> ~ ~ ~") # s "supervibe" # gain 0.24 # delay 0.381 0.6 0.5
o10: stutter "<2 2 4 2>" (1/8) $ s "bass:1 ~ ~ <~ bass:1>" # note "<0 0 -2 3>" # gain 0.47
o11: louder $ left $ double (3/16) $ s "~ ~ ~ clave" # gain 0.14
o12: quieter $ right $ triple (3/16) $ s "~ clave ~ ~" # gain 0.2
o13: every 4 (quad (1/16)) $ s "~ 808sn" # gain 0.24
o14: stackwith (n "0 2 1") [s "~ cb:1 ~ ~", s "~ ~ ~ perc:4"] # gain 0.14 # pan "-0.7 0.7"
