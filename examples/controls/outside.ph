-- Knobs, messages and machines outside. `cc 74` is a controller of a MIDI keyboard and `osc "/dust"` the last number that came under that name,
-- both with a value to begin with, so that the piece sounds by itself; `lag` takes the steps out of a knob.
-- `# midi "synth"` sends a pattern's notes to the MIDI port whose name has that in it, and `# target "superdirt"` sends its events to a SuperDirt;
-- where there is one, take the lines with `hush` away.
-- `~midi` are the keys of the keyboard, `~midi:c:minor:arp:up:8` those that are held, one after another: wheel and pressure move what they play.
-- After a rainy afternoon of dub techno. Change: the defaults. Listen: to how the filter opens when you turn a knob.
cps: 0.5

~knob: cc 74 0 0.4 # lag 0.05
~chord: saw 110 # lpf (range 300 3000 ~knob) 0.6

o1: s "~chord(3,8)" # note "<c4'min7 af3'maj7>" # ar 0.01 0.4 # gain 0.5 # delay 0.375 0.55 0.4
o2: s "bd*4" # gain 0.9
o3: dust (osc "/dust" 0.6 * 20) # bpf 2500 2 * 0.5
o4: s "~ hh" # gain 0.4

-- Silent until somebody plays: the harder a key is pressed the brighter it is; the program shifts a shimmer above all keys, as far as c4 is pressed.
~lead: saw 110 # lpf (600 + ctl "polyTouch" 0 * 30) 0.5
o8: note ~midi # s "~lead" # attack 0.01 # release 0.3
o9: note ~midi:c:minor:arp:up:8 # s "~lead" # legato 0.5 # gain 0.4
o10: sine (mtof (72 + program + pitchbend 7)) * (keypressure 60 * pressure # lag 0.05) * 0.2

o5: note "c3*8" # midi "synth" # midichan 2 # legato 0.5 # velocity "0.9 0.6"
o6: cc "74:90" # midi "synth" # midichan 2
o7: s "cp(2,8,4)" # target "superdirt" # room 0.3
hush5
hush6
hush7

master: limiter -2
