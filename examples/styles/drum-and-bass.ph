-- A break of our own at 172: `every`, `sometimesBy`, `rev` and `stut` turn one bar into many. The bass is two saws that
-- beat against each other (a reese), through a moving notch. Every sixteen bars four are at half the speed.
-- Change: 55.6, a little higher, and the bass beats faster. Listen: the ghost notes carry the tempo through the half-time.
bpm: 172

~break: s "[bd:5 ~ ~ ~] [~ ~ sn:2 ~] [~ ~ bd:5 ~] [~ ~ sn:2 ~], hh*8"
  # gain "0.95 0.75"
~half: s "bd:5 ~ ~ ~ sn:2 ~ ~ [~ bd:5], hh*4" # gain 0.9
~ghost: s "[~ sn:6]*4" # gain "0.25 0.15 0.3 0.2" # speed "1 1.1 0.95 1" # pan 0.2
~reese: (saw 55 + saw 55.6 + saw 54.5) * 0.3 # adsr 0.01 0.2 0.9 0.12

o1: (whenmod 16 12 (const ~half) $ every 4 (stut 2 (1/8) 0.6) $ sometimesBy 0.2 rev $ ~break) # compressor -14 3 0.003 0.08 2
o2: ~ghost
o3: s "[~reese ~]*2" # note "<a1 a1 f1 g1>" # legato 1.8 # gain 0.45
  # notch (sine 0.4 * 600 + 900) 1.2 # lpf (range 700 2200 (slow 8 tri)) 0.8 # distort 3 0.4
o4: s "pad:4/2" # note "<-3 -7>" # gain 0.4 # widener 1.6
o5: s "<cr ~ ~ ~ ~ ~ ~ ~>" # gain 0.5
o6: mask "<f!8 t!8>" $ s "ride*4" # gain 0.2 # pan 0.3
o7: s "<~!7 vox:1>" # gain 0.4 # delay (3/16) 0.5 0.4 :sync 1

master: limiter -1.5
