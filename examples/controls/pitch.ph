-- Pitch by SuperCollider's model, in the scale of Bohlen and Pierce: no octave but the twelfth (`octaveR` 3) in thirteen steps (`stepsPerOctave`).
-- `degree` and `mtranspose` count steps, `ctranspose` semitones, `harmonic` multiplies, `detune` beats. The instrument does what they say;
-- it holds nothing but odd partials, in which these intervals are at rest.
-- Change: `octaveR` to 2 and the steps to 12. Listen: strange, and in tune.
cps: 0.4

@hz: 110 * pow (ctl "octaveR" 3) ((ctl "degree" 0 + ctl "mtranspose" 0) / ctl "stepsPerOctave" 13)
  * pow 2 (ctl "ctranspose" 0 / 12) * ctl "harmonic" 1
~reed: (square (@hz * (1 - 0.001 * ctl "detune" 1)) + square (@hz * (1 + 0.001 * ctl "detune" 1))) # lpf (@hz * 4) 0.8 # adsr 0.02 0.2 0.6 0.3 * 0.25
~bell: (sine @hz + sine (@hz * 3) * curve 0.5 0 0.8 -4 + sine (@hz * 5) * curve 0.3 0 0.4 -4) * 0.4 # adsr 0.002 0.8 0 0.4

o1: s "~reed(5,8)" # degree "<[0,6,10] [3,9,13] [4,10,16] [1,7,10]>" # mtranspose 0 # detune 2 # legato 0.9 # gain 0.3 # pan -0.2
o2: s "~bell*8" # degree "{13 19 16 23 20 26 29}%8" # mtranspose "<0 3 4 1>" # octaveR 3 # stepsPerOctave 13
  # gain 0.34 # pan 0.4 # delay 0.47 0.5 0.35
o3: s "~reed ~ ~reed [~ ~reed]" # degree "<0 3 4 1>" # harmonic "<0.5 0.5 0.5 [0.5 1.5]>" # ctranspose -1 # detune 1 # gain 0.5
o4: s "~bell(3,8,2)" # degree "<0 3 4 1>" # harmonic "5 7 9" # gain 0.16 # pan -0.6
o5: s "bd ~ [~ bd] ~" # n 4 # gain 0.4
o6: s "clave(5,16)" # n 1 # gain 0.14 # pan 0.6
o7: s "sh*8" # gain "0.24 0.12"

master: limiter -2
