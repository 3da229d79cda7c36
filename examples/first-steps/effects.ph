-- A chain of effects, left to right: what stands before `#` goes into what stands after it.
-- A modifier bus (`~dirt # …`) is a chain with a name; inside `every` a chain takes just some cycles.
cps: 0.5

~dirt # distort 6 0.6 # lpf 3200 0.9
~space # chorus 0.7 0.6 0.4 # delay 0.25 0.4 0.3 # reverb 0.75 0.4 0.35

~drums: s "bd [~ bd] sn:2 [bd ~], hh*8" # gain "0.9 0.6 0.8 0.6"
~keys: s "~ stab ~ <stab:3 stab:1>" # note "<0 3 5 3>"

o1: every 4 (# hpf 600 2) $ ~drums # compressor -18 4 0.005 0.1 4
o2: ~keys # ~space * 0.7
o3: s "bass:2*2" # note "<0 3 5 3>" # gain 0.7 # ~dirt * 0.6

master: limiter -1
