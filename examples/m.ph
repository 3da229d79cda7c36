o1: s "808bd(3,8)" # n 2
o2: jux rev $ stut 8 0.125 0.1 $ s "rave(3,8,1)" # ar 0.1 0.5
