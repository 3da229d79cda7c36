-- Spectra. What SuperDirt does with an FFT, an instrument of partials can do at their source: `partials` says how many, `binshift` and `fshift`
-- move them by Hz, `fshiftnote` by semitones, `comb` takes the even ones, `hbrick` and `lbrick` the low and the high, `scram` shuffles them,
-- `enhance` brings the strong ones out. `octer octersub octersubsub` add octaves; `leslie lrate lsize` turn the loudspeaker.
-- Change: one control at a time, from 0. Listen: a vowel-like chord that falls to pieces and is put together again.
cps: 0.35

fn part k = sine (ctl "freq" 110 * k * (1 + ctl "scram" 0 * 0.07 * sin (k * 2.4)) + ctl "fshift" 0 + 20 * ctl "binshift" 0) (ctl "fshiftnote" 0)
  (ctl "fshiftphase" 0 / 6.283) * le k (ctl "partials" 8) * (1 - ctl "comb" 0 * (1 - k % 2))
  * le (ctl "hbrick" 0 * 9) k * le k (9 - ctl "lbrick" 0 * 9)
  * (ctl "real" 1 + ctl "imag" 0) / (k + ctl "enhance" 0 * k * k)
@turn: sine (ctl "lrate" 6) * ctl "leslie" 0
~bank: (part 1 + part 2 + part 3 + part 4 + part 5 + part 6 + part 7 + part 8) * 0.4 # adsr 0.2 0.5 0.8 0.8
~organ: (sine (220 * (1 + 0.004 * ctl "lsize" 1 * @turn)) + sine 440 * ctl "octer" 0 + sine 110 * ctl "octersub" 0 + sine 55 * ctl "octersubsub" 0
  # softclip (1 + 4 * ctl "overshape" 0)) * (1 - 0.4 * @turn) * 0.4 # adsr 0.01 0.2 0.8 0.2 # pan (@turn * 0.6)

o1: s "~bank" # note "<c3'min7 af2'maj7 ef3'major bf2'major>" # partials "<8 3 5 8>"
  # scram "<0 0.2 0 1>" # fshift "<0 0 30 0>" # real 1 # imag 0.2 # gain 0.16
o2: (s "~bank*4" |> comb "0 1") # note "<c5 ef5 g5 d5>" # binshift "0 <0 1>" # hbrick "0 0.3" # lbrick "0 0.2" # fshiftnote "<0 12>" # fshiftphase 1.5
  # enhance "<0 2>" # legato 0.6 # gain 0.24 # pan -0.4
o3: s "~organ(5,8)" # note "<g3 ef3 bf3 f3>" # octer "0.3 0 0.6" # octersub 0.5 # octersubsub "<0 0.4>" # leslie 1 # lrate "<0.8 6>" # lsize "<1 3>"
  # overshape 0.3 # gain 0.4
o4: s "pad:2/2" # note "<0 3>/2" # gain 0.3 # freeze "<0 0 0 1>"
o5: s "808bd ~ ~ [~ 808bd]" # n 3 # gain 0.36
o6: s "perc(5,16)" # n 2 # gain 0.2 # smear 0.7 # pan 0.5
