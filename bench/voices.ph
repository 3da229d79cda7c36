-- Two hundred voices of samples at once, at several speeds, none with an effect: what the sampler alone costs.
--   perf stat -e instructions:u phonon render bench/voices.ph out.wav -d 10 -t 1
cps: 1
out: s "pad*100" # n "0 1 2" # speed "1.12 0.97 1 -1.03" # sustain 2 # pan "-0.5 0.5" # gain 0.02
