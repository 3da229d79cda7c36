-- Almost nothing happens, slowly: long voices, wide delays, a big room. `slow` stretches patterns over
-- many cycles, and noise through a narrow filter is wind.
cps: 0.125

~glass: sine 261.6 + sine 523.9 * 0.3 + tri 130.8 * 0.4 # adsr 2.5 2 0.6 4
~wind: pink * 0.5 # bpf (sine 0.07 * 500 + 900) 6 # pan (sine 0.05)

o1: s "~glass*2" # note "<c4'maj7 a3'min9 f3'maj7 e3'min7>" # gain 0.07
  # chorus 0.3 0.8 0.5 # reverb 0.95 0.3 0.6
o2: s "bell(5,16,<0 3 7>)" # n "<0 2 3>" # note "<0 7 12 4 11 9>" # gain (0.3 + rand * 0.3)
  # pan (rand * 1.6 - 0.8) # delay 1.5 0.6 0.5 # reverb 0.95 0.3 0.6
o3: ~wind * 2
o4: s "pad:0/2" # note "<0 -3>" # gain 0.8

master: limiter -2
