-- Formulas. Numbers are sound: a ramp that counts sixteenths, a few sums, and there is a melody. `floor` and `%` make the steps, `mtof` makes Hz of
-- MIDI notes and `ftom` the way back, `dbtoamp` and `amptodb` do it for loudness, `sin cos tan exp log pow sqrt` are what they are in school;
-- `add sub mul div` are `+ - * /` for signals, `neg` turns upside down, `sum` takes as many as you like.
-- Change: 7 or 12 in ~walk. Listen: it repeats after three bars of four and a half; nobody wrote that down.
cps: 0.5

~count: floor (phasor 0.125 * 64)
~step: (~count * 7) % 12
~walk: sub (~step + 5 * gt (~count % 3) 1) (2 * gt (~step % 5) 3)

-- A ramp that falls once in every step is an envelope, when an exponential bends it.
~env: exp (neg (mul 5 (phasor 8)))
~hz: mtof (select ~walk 57 60 62 64 67 69 72 74 76 79 81 84)
o1: sin (sin (phasor ~hz * 6.2832) * (1 + 3 * ~env) + cos (phasor ~hz * 6.2832)) * ~env # lpf 5000 * 0.42 # pan (sin (~count * 2.4) * 0.5) # delay 0.375 0.4 0.3
-- Three voices a fifth apart, by logarithms: an octave is what doubles.
~root: mtof (select (floor (~count / 16)) 45 41 48 43)
~fifth: exp (log ~root + log 2 * 7 / 12)
o2: sum (saw ~root) (saw (div ~fifth 1.002)) (saw (add ~root 0.7) * 0.7) # lpf (mtof (ftom ~root + 24 + 12 * sine 0.11)) 1 * 0.12 # chorus 0.4 0.6 0.4
-- Loudness in decibels: six less at each step of four.
~level: dbtoamp (-6 * (~count % 4))
o3: white * ~level * exp (neg (phasor 8 * 9)) # hpf (4000 + amptodb (~level) * 60) * 0.36 # pan 0.3
~beat: phasor 2
o4: sin (sqrt (~beat * 900)) * pow (1 - ~beat) 3 # lpf 4000 * 0.8
-- The tangent flies away at a quarter turn: a click; bent by `tanh`, a clave.
o5: tanh (tan (sine 880 * 1.2)) * exp (neg (phasor 1 * 30)) * gt (~count % 32) 11 * 0.14 # pan (-0.4)
o6: sine (mtof (ftom ~root - 12)) * (round (phasor 4) * 0.5 + 0.5 # lag 0.01) * 0.2

master: limiter -1.5
