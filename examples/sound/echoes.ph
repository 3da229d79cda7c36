-- Echoes. Steppers, a dub in four: `tapedelay` ages what it repeats (wow, flutter, a dark loop that saturates), `pingpong` throws it from side to
-- side, `multitap` is a row of echoes, `delayline` just a delay, out of which a loop of buses makes a spring or a string of its own.
-- `:sync 1` counts cycles instead of seconds. The siren goes through all of it.
-- Change: the 0.72 of `tapedelay` to 1 (and be ready to stop). Listen: how the third echo of the stab has no treble left.
bpm: 140

~stab: s "[~ stab:0]*4" # note "<0 0 -2 3>" # cutoff 2600 # gain "<0.5 0.4>"
~skank: (~stab # hpf 250) * 0.8
~rim: s "~ ~ ~ <rim ~ [rim rim] ~>" # gain 0.5
~siren: s "<~ ~ ~ supersiren ~ ~ supersiren*2 ~>" # note "<12 7>" # sustain 0.4 # gain 0.3

o1: s "bd:1*4" # gain 0.6
o2: s "~ ~ sn:3 ~" # gain 0.5
o3: ~skank + (~skank * (1 - tar "1 ~ ~ ~" 0.02 0.1) # tapedelay 0.321 0.72 0.4 0.3 0.5 1) * 0.8
o4: ~rim # multitap (3/32) 7 0.3 0.6 :sync 1 # hpf 300 0.7 * 2
o5: ~siren # pingpong (3/16) 0.7 1 0.6 :sync 1 # lpf 3000 * 2.2
o6: (s "bass:1*8" # note "<[0 ~ 0 0 ~ 0 3 ~] [0 ~ 0 0 ~ 0 3 5] [-2 ~ -2 -2 ~ -2 0 ~] [3 ~ 3 3 5 ~ 3 -2]>" # legato 0.9 # gain 0.7)
o7: s "hh*8" # gain "0.3 0.6" # pan 0.25
-- A spring: what falls into it comes back 23 times a second, brighter parts die first.
~spring: (s "<~ ~ ~ ~ ~ ~ ~ clave>" # gain 0.6) + (~spring # delayline 0.043 # onepole 2600 # hpf 150 0.7) * 0.8
o8: ~spring # pan -0.5
master: limiter -1.2
