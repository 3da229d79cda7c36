-- Mirrors: a crab canon, whose second voice is the first one read backwards. `outside 8 rev` turns eight cycles round as if they
-- were one; `rev` turns every cycle. Both voices fit since the harmony is a mirror itself: Cm Ab Eb G, G Eb Ab Cm.
-- `palindrome` and `loopback` go there and back, `revArc` mirrors a part, `revv` the whole of time about its beginning.
-- Change: the tune, one note a beat from the chord of its bar. Listen: to the left alone, to the right alone, then to both.
bpm: 104

~tune: "<[c5 g4 ef5 d5] [c5 af4 ef5 c5] [bf4 g4 bf4 ef5] [d5 b4 g4 ~] [g5 f5 d5 b4] [ef5 d5 ef5 g4] [af4 c5 ef5 af5] [g5 ef5 c5 ~]>"
~bass: "<c3 af2 ef3 g2 g2 ef3 af2 c3>"

o1: note ~tune # s "supermandolin" # legato 1.4 # gain 0.5 # pan -0.5 # reverb 0.6 0.4 0.25
o2: outside 8 rev $ note ~tune # s "supermandolin" # legato 1.4 # gain 0.45 # pan 0.5 # reverb 0.6 0.4 0.25
o3: note (~bass + "0 ~ 12 7") # s "supervibe" # gain 0.5
o4: palindrome $ note (~bass + "12 19 24 [27 31]") # s "pluck:1*4" # gain 0.2 # pan 0.3
o5: revArc (0.5, 1) $ s "clave ~ rim*2 [~ clave]" # gain 0.16 # pan -0.3
o6: loopback $ s "sh*2 [sh*3]" # n "0 1" # gain "0.5 0.3" # pan 0.2
o7: revv $ s "~ ~ ~ <bell:4 ~ bell:2 ~>" # note "<12 7 3 0>" # gain 0.25 # delay 0.43 0.5 0.4
