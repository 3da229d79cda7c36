o1: every 4 (# lpf 300) $ sometimes (# reverb 0.5) $ s "bd*4 sn:3?"
