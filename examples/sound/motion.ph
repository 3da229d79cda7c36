-- Modulation. Psychedelia: everything turns. `phaser` on the organ, `flanger` on the drums, `vibrato` on the guitar, `chorus` and `tremolo` beside them;
-- `ring_mod` (by a signal) and `ring` (by a sine) make bells of strings; the slow ones behind them are `lfsaw lftri lfsquare phasor` (rough, for knobs) and `sine`;
-- `unipolar` and `bipolar` change between 0 … 1 and -1 … 1, `range` and `rangex` (in octaves) give an oscillator ends; `lerp` and `xfade` glide from one sound to another. A `hilbert` pair and two
-- sines a quarter apart shift every partial by some Hz. Change: the 0.12 of `phaser`. Listen: at what speed does each thing turn?
bpm: 92

~slow: lftri 0.06 # unipolar
~chords: s "superhammond" # note "<a3'min7 c4'major g3'major d4'major>" # voice 2 # legato 0.98 # gain 0.36
~riff: pluck "<[a2 ~ a2 c3 ~ d3 e3 ~] [c3 ~ c3 e3 ~ g3 e3 ~] [g2 ~ g2 b2 ~ d3 b2 ~] [d3 ~ d3 fs3 a3 ~ fs3 e3]>" 0.22

o1: ~chords # phaser 0.12 0.9 0.5 8 0.5 * (lfsaw (-3.07) # unipolar # lag 0.02 * 0.4 + 0.7) # pan (sine 0.4 # range (-0.4) 0.4) * 2
o2: (s "bd ~ [~ bd] ~, ~ sn:2 ~ sn:2" # gain 0.6) + (s "hh*8" # gain "0.5 0.3" # flanger 0.9 (lfsquare 0.048 * 0.1 + 0.2) 0.7 0.6)
o3: ~riff # distort 4 0.6 # vibrato 4.5 (~slow * 0.4) * 0.22 # pan (-0.2)
-- The same riff an octave up, on its way between a string and a bell and back.
~high: pluck "<[a3 c4 e4 c4]*2 [g3 c4 e4 c4]*2 [g3 b3 d4 b3]*2 [a3 d4 fs4 d4]*2>" 0.3
o4: lerp ~slow ~high (~high # ring_mod (sine 660)) * 0.5 # chorus 0.5 0.6 0.4 # pan 0.4
-- Up by 3 Hz on one side, down by 3 on the other: it beats with itself.
~pair: s "superpwm/2" # note "<a4'min7 g4'major>" # attack 1 # legato 1 # release 1 # gain 0.3 # hilbert
~re: left ~pair * cosine 3
~im: right ~pair * sine 3
o5: stereo (~re - ~im) (~re + ~im) # hpf 100 # tremolo 0.1 0.6 # reverb 0.7 0.4 0.3
o6: xfade (saw "<a1 c2 g1 d2>") (square "<a1 c2 g1 d2>") (phasor 0.25 # bipolar # abs) # lpf (lftri 0.031 # rangex 260 1100) 1.5 * tadsr "1*8" 0.004 0.15 0.4 0.05 * 0.28
o7: pink # flanger 1 0.05 0.85 1 # ring 90 * (sine 0.0625 # unipolar) # hpf 200 * 0.09

master: limiter -1.5
