o1: stack [s "bd", s "sn"] # segments [0, 1, 0] [0.1, 0.2]
o2: timecat [(1, s "a"), (2, s "b")]
