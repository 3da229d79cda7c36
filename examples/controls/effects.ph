-- Effects of events. Body music, machine against machine: a control acts on its own event alone, so every stroke may sound different, while
-- `# lpf 800` and the like take all that is played. Where a name is both (`ring`, `distort`, `tremolo`), `|>` makes it the event's.
-- In SuperDirt's order: vowel, shape, filters (`cutoff bandf hcutoff djf`), crush, tremolo and phaser, `waveloss squiz triode krush ring distort`.
-- Change: one value to a pattern in <>. Listen: which strokes are dirty.
bpm: 124

o1: (s "bd:2*4" |> distort "0 0 0 <0 0.4>") # triode "0 <0 1>" # gain 0.5
o2: s "~ sn:2 ~ sn:2" # krush "<0.2 0.4>" # kcutoff 3000 # gain 0.26
o3: (s "hh:3*16" |> crush "16 4 6 5") # djf (segment 16 $ range 0.5 0.85 $ slow 4 sine) # gain "0.3 0.16" # pan "-0.3 0.3"
o4: s "bass:2*16" # note "<0 0 3 -2>" |+ note "0 0 12 0 0 0 7 0 0 12 0 0 0 10 0 0" # bandf (segment 16 $ rangex 200 2400 $ slow 3 tri) # bandq 3
  # legato 0.7 # gain 0.42
o5: (s "rave:1 ~ ~ rave:1 ~ ~ rave:1 ~" |> ring 0.7) # ringf "<180 240>" # ringdf "0 0 -800" # sustain 0.2 # gain 0.3
o6: s "vox:2(3,8)" # waveloss "20 50 80" # squiz 1 # sustain 0.2 # note "<0 3>" # gain 0.6 # pan 0.4
o7: s "pad:0/2" # phaserrate 0.3 # phaserdepth 0.8 # tremolorate "<4 6>" # tremolodepth 0.6 # note "<0 -2>/2" # gain 0.34
o8: s "[~ oh]*4" # amp 0.5 # overgain 0.1 # gain 0.3 # pan 0.2
o9: s "perc:2(5,16)" # hcutoff "1200 3000 600" # hresonance 0.4 # gain 0.16 # pan -0.5

master: limiter -2
