o1: saw :freq 220 # lpf :cutoff 300 :q 2 # reverb :mix 0.3 :nope 1
