-- Scales. A procession through modes: `scale` reads numbers as degrees; `toScale` takes a list of semitones, `getScale` lists with names of
-- yours; `scaleWith` bends a scale (`raiseDegree`, `lowerDegree`, or a range of degrees), `scaleWithList` each octave in another way.
-- `scaleList` gives the names of all scales in turn. Change: the names in o1. Listen: one melody, under another light in every line.
cps: 0.42

~walk: "0 2 4 3 1 2 <4 6> <0 -1>"

o1: note (scale "<phrygian phrygian hijaz hijaz>" ~walk + "e4") # s "supermandolin" # legato 1.5 # gain 0.4 # pan -0.3
o2: note (scaleWith "major" ((raiseDegree 3) . (lowerDegree 6)) (~walk + 7) + "e3") # s "superfork" # gain "<0 0 0.4 0.4>" # pan 0.3
o3: note (scaleWith "major" ((lowerDegrees 1 2) . (raiseDegrees 4 4)) "0(3,8)" + "e3") # s "pluck:2" # gain 0.4
o4: note (scaleWithList "minor" [id, raiseDegree 6] "<[0 4 7] [0 5 8] [-1 3 6] [0 6 7]>" + "e3") # s "supervibe" # legato 2 # gain 0.34
o5: note (getScale [("mine", [0, 1, 4, 5, 7, 8, 11]), ("five", [0, 3, 5, 7, 10])] "<mine mine five mine>" (run 8) + "e5") # s "bell:1"
  # gain 0.2 # pan 0.5 # delay 0.6 0.5 0.4
o6: note (toScale [0, 1, 5, 7, 10] "<0 ~ [3 2] ~>" + "e3") # s "supersaw" # attack 0.4 # release 1 # cutoff 900 # gain 0.44
o7: note (scale (fast 4 scaleList) "{7 6 5 4 3}%8" + "e4") # s "superfork" # gain 0.09 # pan -0.6
o8: note "[e2,b2]" # s "supergrind" # attack 0.3 # release 1 # gain 0.25
o9: s "808lc*2 [808mc 808lc*2]" # gain "0.36 0.22" # reverb 0.6 0.6 0.25
o10: s "sh(5,8)" # gain 0.2 # pan 0.4
