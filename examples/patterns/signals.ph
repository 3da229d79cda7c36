-- Signals. Ambient, moved by waves as slow as weather: `sine tri saw square` and `cosine isaw itri` run from 0 to 1 in a cycle, those with
-- a 2 from -1 to 1; `perlin` and `berlin` wander, `walk` roams; `env…` rise or fall once, in the first cycle, slowed here to eight.
-- `range2` and `rangex` stretch them, `smooth` joins numbers with lines, `quantise` and its kin make steps of them again; `sig` is any
-- function of `time`. Change: every `slow`. Listen: nothing is played twice as loud, or from the same place.
cps: 0.25

o1: s "pad:1/2" # note "<c3 af2 f2 g2>/2" # cutoff (rangex 300 3000 $ slow 8 cosine) # pan (slow 5 tri2 * 0.5) # gain 0.8
o2: note (scale "major" (qfloor 1 $ segment 8 $ range2 0 9 $ slow 3 sine2) + 12) # s "bell:3" # gain (0.2 + berlin * 0.24)
  # pan (slow 3 cosine2 * 0.7) # reverb 0.9 0.4 0.5
o3: note (scale "majPent" (quantise 1 $ segment 4 $ walk * 12) - 12) # s "superfork" # legato 3 # gain (0.3 + itri * 0.3)
o4: note (scale "majPent" (qceiling 1 $ segment 8 $ perlinWith (saw * 3) * 10) + 12) # s "supervibe" # gain (slow 4 isaw * 0.3)
  # pan (perlin2With (slow 4 saw) sine * 1.4 - 0.7) # delay 0.75 0.6 0.5
o5: pink * (range 0.1 0.6 $ perlin2 (slow 4 tri)) # bpf (smooth "<400 900 600 1600>") 3 # pan (fast 0.125 saw2 * 0.6)
o6: s "pluck:5(5,16)" # note (scale "major" (segment 16 (sig (* 5))) - 12) # gain (fromBipolar (slow 7 isaw2) * 0.22) # hpf 300
o7: s "vox:0/2" # note "<0 -4>/2" # gain (slow 8 envL * 0.32) # cutoff (range 500 2500 $ slow 8 envEqR)
o8: s "noise:5*8" # gain (slow 8 envLR * 0.2 + slow 8 envEq * 0.1) # pan (square2 * 0.4)
o9: note "[c2,g2]" # s "superfork" # legato 1 # gain (toBipolar (slow 8 square) * 0.16 + 0.6)
o10: s "sh*8" # gain (segment 8 (time * 0.125 % 1) * 0.5) # n (fromRational "<1/2 3/2>")
