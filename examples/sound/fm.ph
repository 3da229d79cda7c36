-- Modulation at audio rate: a frequency may be any signal, so one oscillator inside another makes bells, and an
-- envelope on the depth makes them bright first. Ring modulation is a product; so is tremolo.
cps: 0.4

~bell: sine (440 + sine 616 * tar "1" 0.001 0.9 * 900) # adsr 0.001 1.6 0 0.8
~clang: sine 180 * sine 277 # adsr 0.001 0.5 0 0.3
~growl: saw (55 + sine 82.5 * (sine 0.2 * 40 + 45)) # lpf (sine 0.11 * 500 + 800) 2

o1: s "~bell(5,8)" # note "<a4 c5 e5 d5> e5 a5" # gain 0.35 # delay 0.3125 0.4 0.3 # reverb 0.8 0.4 0.3
o2: s "~ ~clang" # gain 0.4 # reverb 0.7 0.5 0.3
o3: ~growl * (square "<4 8 4 12>" * 0.25 + 0.5) * 0.25
o4: s "808bd(3,8)" # n 2 # gain 0.48
o5: s "808hc*8" # gain "0.6 0.3"
