cps: 0.6
bpm: 130 "3/4"
seed: 7
outmix: tanh
safety: off
~a: saw 55
~b $ ~a * 0.5
~m # lpf 800
fn f x y = x * y
@t: lpf 900 0.5
%r: "1 2"
o1: f ~a 0.3 # ~m # @t
o2: s "bd*%r"
master: limiter -1
hush2
solo 1
unsolo
resetCycles
setCycle 3
nudge 0.25
