o1: every 4 (# crush 4) $ s "bd*4" |+ n "0 1" +| n 2
o2: (1/8) ~> s "sn" # gain (range 0.5 1 sine)
o3: (fast 2 . rev) $ s "hh*8"
