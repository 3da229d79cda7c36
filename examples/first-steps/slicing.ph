-- Cutting one bar of drums to pieces: `loopAt` fits a sample to a number of cycles, `chop` plays it in slices,
-- `slice` plays the slices in any order, `striate` interleaves them, `speed -1` plays them backwards.
bpm: 160

~loop: loopAt 1 $ chop 8 $ s "break:0"
~cut: slice 8 "0 1 <2 6> [3 3] 4 <1 0> [6 2] <7 [7 7 7 7]>" $ s "break:4" # legato 1

o1: every 4 rev $ ~loop # gain 0.6
o2: sometimesBy 0.25 (# speed -1) $ ~cut # gain 0.45 # hpf 220 # pan 0.1
o3: striate "<4 8 4 16>" $ s "rave:1/2" # gain 1.2 # lpf (range 400 4000 $ slow 8 sine) 1.2 # reverb 0.7 0.5 0.25
o4: s "bass:2*2" # note "<0 0 -2 3>" # gain 0.55
