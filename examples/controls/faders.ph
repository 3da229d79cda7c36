-- Faders and buttons. An organ of sixteen partials, each with a slider for its level and a button: on stage both come from a box with knobs,
-- here patterns move them. `ctl "slider0" 0.3` in an instrument is the event's `slider0`, or 0.3; any other name would do as well.
-- A button has two positions: `euclidFull 3 8 1 0` says 1 on the pulses and 0 between, where `"1(3,8)"` would leave the note out.
-- After Riley and Reich: one long chord, in which partials come and go. Change: a line of sliders. Listen: to the melody of overtones.
cps: 0.5

fn bar k slider button = sine (ctl "freq" 65.4 * k) * ctl slider 0.3 * ctl button 1 / k
~low: bar 1 "slider0" "button0" + bar 2 "slider1" "button1" + bar 3 "slider2" "button2" + bar 4 "slider3" "button3"
~mid: bar 5 "slider4" "button4" + bar 6 "slider5" "button5" + bar 7 "slider6" "button6" + bar 8 "slider7" "button7"
~high: bar 9 "slider8" "button8" + bar 10 "slider9" "button9" + bar 11 "slider10" "button10" + bar 12 "slider11" "button11"
~top: bar 13 "slider12" "button12" + bar 14 "slider13" "button13" + bar 15 "slider14" "button14" + bar 16 "slider15" "button15"

~chords: "<c3'major c3'sus4 bf2'major f2'major>/2"

o1: s "~low*4" # note ~chords # slider0 1 # slider1 (slow 3 sine) # slider2 (slow 5 sine) # slider3 "1 0.4 0.7 0.4"
  # button0 "1 0 0 1" # button1 1 # button2 "0 1" # button3 "1 1 0 1" # legato 1.1 # gain 0.11 # pan -0.3
o2: s "~mid*8" # note ~chords # slider4 (slow 4 tri) # slider5 "1 0.2 0.5 0.2" # slider6 (slow 7 sine) # slider7 (slow 3 isaw)
  # button4 (euclidFull 3 8 1 0) # button5 (euclidFull 5 8 1 0) # button6 "0 1" # button7 (euclidOffFull 3 8 2 1 0)
  # legato 0.8 # gain 0.55 # pan 0.3
o3: s "~high*8" # note ~chords # slider8 1 # slider9 (slow 5 saw) # slider10 0.6 # slider11 "0.4 1"
  # button8 (euclidOffFull 3 8 1 1 0) # button9 (euclidFull "<3 5>" 8 1 0) # button10 "0 0 1 0" # button11 (euclidOffFull 5 8 2 1 0)
  # legato 0.6 # gain 0.8 # pan -0.5
o4: s "~top*16" # note ~chords # slider12 "1 0.3" # slider13 0.7 # slider14 (slow 6 sine) # slider15 1
  # button12 (euclidFull 5 16 1 0) # button13 (euclidOffFull 7 16 3 1 0) # button14 (euclidFull 3 16 1 0) # button15 (euclidOffFull 3 16 5 1 0)
  # legato 0.5 # gain 1 # pan 0.5
o5: s "sh*8" # gain "0.2 0.1"
o6: s "clave ~ clave ~ ~ clave ~ ~" # gain 0.1

master: limiter -2
