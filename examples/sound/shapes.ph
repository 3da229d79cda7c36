-- Waveshaping. Industrial at 142: every sound is one that was bent. `hardclip` cuts, `softclip`, `shape` and `tanh` lean, `wavefold` and `fold` turn back,
-- `wavewrap` and `wrap` jump, `rectify` doubles the octave, `waveshape` is a curve of yours, `decimate` and `bitcrush` make steps.
-- Shapes make partials without end; units run at twice the rate against the ones that fold down (`:os 4` for four times), functions
-- (`fold wrap clip tanh`) do not. Change: one drive. Listen: the kick is a sine. The distortion is what you dance to.
bpm: 142

~sine: sine (46 + tar "1*4" 0 0.05 * 320)
~kick: ~sine * tar "1*4" 0.001 0.3
~hz: mtof "<28 28 31 [28 29]>" -- MIDI numbers to Hz, so that they may be multiplied

o1: (~kick # hardclip 7 # lpf 5000 0.7) * 0.36
o2: (sine ~hz + sine (~hz * 1.5) * 0.3) # wavefold ("<2 3 4 6>" + tar "1(5,16)" 0.005 0.2 * 5) 1 :os 4 # lpf 2600 1 * tadsr "1(5,16)" 0.004 0.2 0.3 0.06 * 0.5
o3: s "~ sn:2 ~ sn:2" # gain 0.7 # wavewrap "<1.2 1.8>" 0.6 # hpf 200 0.7 * 0.4
o4: (sine (~hz * 8) * tar "1(<3 7>,16,2)" 0.001 0.11 # rectify 1 # dcblock) # decimate "<6 11 17>" 0.3 * 0.34 # pan 0.35
o5: (s "hh*16" # gain "0.6 0.3 0.5 0.3") # waveshape "-1 1 -0.6 0.2 0.5 -1 1" 2 0.5 # hpf 5000 * 0.5 # pan (-0.2)
-- What functions do to a chord, in turn.
~chord: (saw "e3" + saw "g3" + saw "b3") * 0.4
o6: select "<0 1 2 3>" (fold (~chord * 3)) (wrap (~chord * 1.4)) (clip (~chord * 6)) (tanh (~chord * 4))
  # bpf (range 500 3000 (slow 8 tri)) 1.5 * tar "1 ~ [~ 1] ~" 0.005 0.25 * 0.9 # delay (3/16) 0.5 0.35 :sync 1
-- The room behind the kick, crushed by it.
o7: (~kick # reverb 0.85 0.6 1 # softclip 4 # lpf 180 0.7) * (1 - tar "1*4" 0.001 0.2) * 0.22
-- A processor for some cycles only: each fourth, six and seven of eight, or by chance.
o8: s "perc:1(7,16)" # speed "<1 0.5>" # gain 0.5 # every_effect 4 (bitcrush 3 6) # whenmod_effect 8 6 (shape 0.9) # sometimes_effect (delay 0.3 0.6) 0.4 * 0.3 # pan (-0.5)

master: limiter -1
