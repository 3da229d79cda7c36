-- Patterns are signals: a rhythm of numbers is the frequency of an oscillator, the cutoff of
-- a filter, the width of a pulse. Each value starts on its exact sample. Note names become Hz.
cps: 0.5

~melody: saw "220 330 [440 415] 330 262*2 <294 349> 247 <196 165>" * 0.3
~drone: pulse "<a1 f1 g1 e1>" (sine 0.3 * 0.4 + 0.5) * 0.22
~spark: tri ("<880 1046.5 987.8 659.3>" * "1 1.5 2 1 [3 2] 1") * tar "1 ~ 1 [1 ~]" 0.01 0.3

o1: ~melody # lpf "1200 3600 1800 5000" 1.4 # delay 0.375 0.45 0.3
o2: ~drone # lpf 500
o3: ~spark # reverb 0.8 0.4 0.4 * 0.3
