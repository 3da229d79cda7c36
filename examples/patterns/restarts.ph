-- Starting over. Electro that stammers: a pattern is a line of time, and one may jump on it. `reset` starts the current cycle anew at
-- every true value and plays while that lasts, `restart` goes back to cycle 0; `resetTo` and `restartTo` say from where; `fastSqueeze`
-- and `slowSqueeze` fit a patterned factor's repetitions into its own slot; `mono` plays one event at a time; `sec` and `msec` turn clock time into cycles.
-- Change: the rhythms of truths. Listen: the break falls over its own feet and never loses the beat.
bpm: 126

~line: "<[c2 c3 ef2 c2 g2 bf2 c3 ef3] [af1 af2 c3 af1 ef2 g2 af2 c3]>"

o1: every 4 (reset "t@3 t@3 t@2") $ s "[909bd ~ ~ 909bd ~ ~ 909bd ~, ~ 909sn ~ 909sn]" # gain 0.45
o2: resetTo "0 <0 0.5> 0.25 0" $ s "bd:3 hh 909sn hh:2 ~ hh oh 909sn" # gain 0.3 # pan 0.1
o3: restart "<[t@3 t@3 t@2] [t@5 t@3]>" $ note ~line # s "superchip" # legato 0.6 # gain 0.26 # pan -0.2 # lpf 3000
o4: restartTo "<0 1> ~ 1 0" $ note (~line + 24) # s "superpwm" # legato 0.4 # gain 0.2 # pan 0.3 # delay 0.357 0.4 0.35
o5: fastSqueeze "<1 2> 1 <1 4> 2" $ s "rim ~ clave ~" # gain 0.22 # pan 0.5
o6: slowSqueeze "<2 4>" $ s "cp ~ cp cp" # n 2 # gain 0.3
o7: mono $ note "<[c2 ~ c2 [~ ef2], ~ [g1@3 ~] ~ bf1] [af1 ~ af1 [~ c2], ~ [ef2@3 ~] ~ g1]>" # s "superreese" # gain 0.6
o8: early (sec 0.006) $ late (msec "0 11 0 23") $ s "hh*16" # gain "0.24 0.12" # pan "-0.4 0.4"
o9: swap [("x", "cr:1"), ("y", "808cy")] "<x ~ ~ ~ y ~ ~ ~>" # s # gain 0.3

master: limiter -2
