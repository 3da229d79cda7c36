-- Triggers and logic. A modular patch that plays itself: slow oscillators are compared (`gt lt ge le eq ne`), a comparator with two thresholds
-- (`schmidt`) makes gates of them, `pulse_div` counts, `toggle` halves, `sample_hold` and `latch` remember, `changed` and `trig` give one frame of 1, `timer`
-- says how long ago; `and or xor not` join, `if` and `select` choose, `floor ceil round` make steps, `min max sign abs` bend. No pattern says a note.
-- Change: 0.31 and 0.23, by little. Listen: a melody that returns, never quite.
cps: 0.5

~slow: lftri 0.31
~wave: sine 0.23 * 0.7 + sine 0.067 * 0.3
~clock: "1*8"
~gate: pulse_div ~clock (if (gt ~wave 0) 2 3)

-- A degree of C minor, from -2 to 4, held at every gate; a row of notes is chosen by its number.
~degree: sample_hold (round (~wave * 3 + 1)) ~gate
~note: select (~degree + 2) 58 60 63 65 67 70 72
~lead: vco (mtof ~note # lag 0.01) (0.6 + ~slow * 0.5) * tar ~gate 0.004 0.3
o1: ~lead # svf_lp (900 + abs ~slow * 3000) 0.4 * 0.55 # delay (3/8) 0.5 0.35 :sync 1 # pan (sign ~slow * 0.25 # lag 0.3)

-- The bass moves only when the melody has moved, and never above its third step.
~moved: changed ~degree
~deep: min (latch ~note (gt (timer ~moved) 0.2) - 24) 43
o2: (saw (mtof ~deep) + square (mtof (max (~deep - 12) 28))) # lpf (300 + 900 * tar (and ~clock (lt ~wave 0.4)) 0.003 0.12) 2
  * tar ~clock 0.004 0.14 * 0.26

-- Drums: two wheels of 8 and 3, joined.
~on: trig ~clock
~fast: gt (phasor 2) 0.5
~third: schmidt (sine 1.5) 0.6 (-0.2)
o3: sine (50 + 160 * tar (pulse_div ~on 4) 0 0.04) * tar (pulse_div ~on 4) 0.001 0.25 * 0.66
o4: white * tar (and ~on (xor ~fast ~third)) 0.001 0.04 # hpf 7000 * 0.4 # pan (toggle ~on * 0.7 - 0.35)
o5: white * tar (and (pulse_div ~on 8) (not (eq ~degree 1))) 0.001 0.14 # bpf 1600 1 * 0.8
o6: sine (ceil (1 + ~slow * 2 + 2) * 220) * tar (and ~on (or (ge ~slow 0.8) (le ~slow (-0.8)))) 0.001 0.07 * 0.25 # pan (-0.5) # reverb 0.7 0.4 0.4
o7: pink * (ne (floor (~wave * 4)) 0 # lag 0.2) # bpf 2400 2 * 0.3 # pan (sine 0.13)

master: limiter -1.5
