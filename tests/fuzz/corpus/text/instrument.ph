~lead: saw # lpf 1200 # adsr 0.01 0.1 0.5 0.2
o1: s "~lead(3,8)" # note "<c4'maj e4'min7>"
