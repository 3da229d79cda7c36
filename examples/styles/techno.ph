-- Techno: a rumble under the kick (the kick itself, through a room and a low filter), one stab in 3 against 4, noise that rises over eight
-- cycles, and a form: `mask` with a truth for each cycle lets parts in and takes the kick away before every sixteenth bar's turn.
-- Change: the 5 in the stab's "<2 2 5>". Listen: how much of the bass is the room of the kick.
bpm: 134

~kick: mask "<t!15 [t f]>" $ s "bd:2*4"
~rumble: ~kick # reverb 0.75 0.6 1 # lpf 130 0.9 # distort 3 0.5

o1: ~kick * 0.44
o2: ~rumble * (1 - tar "1*4" 0.001 0.22) * 0.26
o3: s "hh:1*16" # gain "0.3 0.6 0.9 0.6" # pan (sine 0.1 * 0.3)
o4: mask "<f!4 t!12>" $ every 4 (fast 2) $ s "~ cp:2 ~ cp:2" # gain 0.38
o5: s "stab:0(3,16,<2 2 5>)" # note "<0 0 0 1>" # cutoff (range 700 3000 $ slow 16 sine) # gain 0.9 # pingpong 0.336 0.6 0.9 0.4
o6: white * 0.2 # bpf (range 300 7000 (slow 8 saw)) 2.5 * range 0 1 (slow 8 saw) # pan (sine 0.2 * 0.6)
o7: mask "<f!8 t!8>" $ s "ride:2*4" # gain 0.42 # pan 0.25
o8: mask "<f!6 t!2>" $ s "perc:2(5,16,<0 3>)" # gain 0.2 # pan -0.5

master: limiter -1.2
