-- Weaving and growing. Patterns out of rules: `weave` spreads one slow pattern over several quick ones, `tabby` crosses two like threads;
-- `lindenmayer` grows a text by rules, `snowball` and `soak` apply a function again and again; `stripe` repeats in lengths of chance,
-- `bite`, `chew` and `fit'` rearrange slices; `spread` and its kin hand a function one argument after another; `interlace` blends in 16 cycles.
-- Change: "0:01,1:0", the rule that grows the melody as algae grow. Listen: the parts are few, and no two bars are the same.
bpm: 112

~algae: listToPat (lindenmayerI 5 "0:01,1:0" "0")
~root: "<a2 f2>"

o1: weave 8 (pan (sine2 * 0.8)) [s "rim(3,8)" # gain 0.2, s "hh*8" # gain 0.32, s "clave(5,16)" # n 1 # gain 0.2, s "sh*4" # gain 0.26]
o2: weaveWith 4 (s "bd ~ [~ bd] ~" # gain 0.5) [id, (# speed 1.02) . (|* gain 0.2) . (0.125 ~>)]
o3: note (~algae * "<7 5 5 9>" + "<a3 a3 c4 c4>") # s "pluck:2" # gain 0.4 # delay 0.4 0.4 0.3
o4: s (sseq' ["perc:2", "perc:4"] (lindenmayer 4 "0:01,1:0~" "0")) # gain 0.24 # pan 0.4
o5: note (tabby 4 "a4 c5 e5 d5" "e4 g4") # s "superpwm" # legato 0.5 # gain 0.4 # cutoff 1500 # pan -0.4
o6: soak 2 (|+ note 12) $ s "~low(5,8)" # note ~root
o7: snowball 3 overlay (0.25 ~>) $ s "~ ~ ~ <cb:2 ~>" # gain 0.12 # pan 0.6
o8: stripe 2 $ s "~ sn:3" # gain 0.3
o9: fit' 1 4 "0 1 2 3" "<[3 2 1 0] [0 2 1 3]>" $ slowstripe 4 $ s "808ht 808mt ~ 808lt" # gain "<0.14 0.2>"
o10: bite 4 "0 <0 2> 1 [3 3]" $ note "a4 e5 c5 g5 e5 d5 c5 b4" # s "supervibe" # gain 0.34 # pan 0.3
o11: chew 4 "0 1 [2 <0 3>] 3" $ s "break:2" # speed 1 # legato 1 # gain 0.22 # hpf 500
o12: spread' fast "1 <2 4>" $ s "oh? ~" # gain 0.16
o13: spreadChoose ply [1, 2, 3] $ fastspread early [0, 0.125] $ s "~ tom:2 ~ ~" # gain 0.2 # pan 0.2
o14: spreadf [id, rev, iter 4] $ fastspreadf [id, (# speed 1.5)] $ s "perc*4" # n "0 1 3 1" # gain 0.16 # pan -0.6
o15: interlace (s "~ cp:1") (s "cp:3 ~ ~ cp:3") # gain 0.16

~low: (saw 55 + sine 55) * 0.5 # lpf 500 1.2 # adsr 0.005 0.2 0.4 0.1 * 0.36

master: limiter -2
