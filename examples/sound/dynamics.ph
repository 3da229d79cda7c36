-- Dynamics. French house: all that sounds makes room for the kick. `duck` turns a chord down while the kick is loud and does not ask how loud the
-- chord is; `sidechain_compressor` has a threshold and a ratio, for the bass. `noisegate` cuts the room of a snare short (the sound of 1985),
-- `transient_shaper` gives a loop its attacks back, `expander` makes what is soft in it softer, `compressor` glues, `limiter` is the ceiling of it all.
-- Change: the 0.22 of `duck`. Listen: the chords breathe in fours; in every eighth bar the kick is away, and nothing moves.
bpm: 123

~kick: s "<909bd*4!7 ~>" # gain 0.62
~chords: s "supersaw" # note "<f3'min9 bf3'min7 df4'maj7 c4'min7>" # voice 0.7 # legato 1 # release 0.1 # gain 0.8
~snare: s "~ sn:2 ~ sn:2" # gain 0.42

o1: ~kick # compressor -14 4 0.004 0.08 3
o2: ~chords # lpf (range 500 4200 (slow 16 sine)) 1.6 # duck ~kick 0.92 0.004 0.2 (-20) # widener 1.4 * 0.7
o3: (s "bass:5*8" # note "<f3 bf3 df4 c4>" |+ note "<0 [0 0 12 0 0 0 12 10]>" # legato 0.8 # gain 0.9) # sidechain_compressor ~kick -32 10 0.002 0.14 3 * 0.5
o4: ~snare + (~snare # reverb 0.92 0.2 1 # noisegate -26 0.001 0.13 0.04 * 0.5) * 0.7
o5: (s "break:0" # unit "c" # speed 1 # gain 0.4 # legato 1) # hpf 500 # expander -34 3 # transient_shaper 1 -0.7 * 0.6
o6: s "[~ oh:1]*4" # gain 0.36 # pan 0.15
-- The filtered voice of the style, pumping as well.
o7: s "<~ ~ vox:1(3,8) [vox:1 ~ vox:1*2 ~]>" # note "<0 0 5 7>" # gain 0.42 # hpf 400 # delay (3/16) 0.5 0.4 :sync 1 # duck ~kick 0.7 0.004 0.2
o8: s "<cr ~ ~ ~ ~ ~ ~ ~>" # gain 0.34

master: limiter -1.2
