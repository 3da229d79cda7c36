-- Chords. A jazz waltz over ii-V-I: `chord` makes them of roots, names and modifiers, as 'min7 does inside a string; `voicing` moves their
-- notes so that the hands stay where they are; `rolled` and `arpeggiate` spread them in time, `arp` and `arpWith` choose the order;
-- `transpose` moves all, `chromaticiseBy` fills the way to the next with semitones.
-- Change: "<i o>" in o1, or take `voicing` away. Listen: the inner voices move by a step or not at all.
bpm: 152 "3/4"

~changes: "<d3'min9 g3'dom7 c3'maj7 a3'dom7>"
~roots: "<d2 g1 c2 a1>"

o1: rolled $ s "superpiano(<2 2 3 2>,6,<0 1>)" # note (voicing ~changes) # velocity 0.6 # legato 1.2 # gain 0.42
o2: note (chord "<d4 g4 c4 a4>" "<min7 dom7 maj7 dom7>" ["<4 3>", "<i o>"]) # s "supervibe" # gain "<0 0.3>" # legato 0.6 # pan 0.3
o3: note (~roots + "0 [7 7] [12 <10 10 11 10>]") # s "bass:1" # legato 0.9 # gain 0.52
o4: note (arp "<up converge thumbup>" $ transpose 12 ~changes) # s "pluck:3" # gain 0.3 # pan -0.4
o5: every 4 (chromaticiseBy 3) $ note (arpWith reverse $ transpose 24 ~changes) # s "supervibe" # gain "<0 0 0.25 0.2>" # pan 0.5
o6: note (arpeggiate (~changes + 12)) # s "superfork" # gain "<0.1 0 0 0>" # legato 2 # reverb 0.7 0.5 0.4
o7: swing 0.03 $ s "ride:1 [ride:1 ~ ride:1] [ride:1 ~ ride:1]" # gain "0.34 0.24" # pan 0.2
o8: s "~ hh:2 hh:2" # gain 0.4
o9: s "bd:4? ~ ~ [~ sn:6]? ~ [sn:6 ~]?" # gain "0.35 0.16"
