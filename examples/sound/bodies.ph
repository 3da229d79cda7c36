-- Bodies. Things that are struck, without a sample: an impulse (`trig`: one frame) rings a row of resonators, and that is a bar of wood or of
-- metal, by their ratios and by how long they ring. `pluck` and `waveguide` are strings, `formant` a throat, `vowel` a choir, `allpass` and `comb` a spring;
-- `dust` and `velvet` are rain on them, `crackle` the fire, `brown` the sea. Change: 3.93 and 9.2 (wood) to 2.76 and 5.4 (a bell).
-- Listen: the bars know nothing of each other, and ring on when the next note comes, as a marimba's do.
cps: 0.42

fn bar gate hz ring = (trig gate * 330 # resonz hz (0.9 * ring)) + (trig gate * 130 # resonz (hz * 3.93) ring) + (trig gate * 50 # resonz (hz * 9.2) ring)

~low: bar "1(3,8)" "<c3 c3 af2 bf2>" 45
~mid: bar "1(5,8,<0 2>)" "<g3 ef3>(5,8,<0 2>)" 60 + bar "~ 1 ~ 1" "<c4 [c4 bf3] af3 bf3>" 70
~top: bar "1*8" "{c5 ef5 g5 d5 bf4 f5 g4}%8" 90 * "{1 0.5 0.7 0.4 0.9}%8"

o1: ~low * 2.2 # pan -0.15
o2: ~mid * 1.3 # pan -0.5
o3: ~top * 0.6 # pan 0.45 # reverb 0.7 0.4 0.25

o4: (waveguide "<c2 c2 af1 bf1>(3,8)" 0.25 0.12 # lpf 1100 0.7) * 0.5
o5: (pluck "<[c5 ~ g4 ~] [ef5 d5 ~ c5] [c5 ~ ~ ef5] [d5 f5 d5 bf4]>" 0.25 # hpf 150) * 0.42 # pan 0.25 # delay 0.595 0.4 0.3
-- A throat: what vibrates is a row of impulses; the vowel glides (`lag`) between two.
o6: (impulse ("<c3 c3 ef3 d3>" * (1 + sine 5 * 0.006)) * 2.6 # formant ("650 <400 300>" # lag 0.2) ("1080 <1700 870>" # lag 0.2) 2650 80 90 120)
  * tadsr "<1 1 ~ 1>" 0.8 0.5 0.8 1 * 3 # reverb 0.8 0.4 0.4
-- A choir behind it: it slides from note to note (`slide`), and its breath is a row of `segments`.
o10: (supersaw ("<c4 c4 ef4 d4>" # slide 0.3) 0.3 # vowel "<a o e u>") * segments "0 1 0.6 0" "0.5 0.4 0.9" 0 "<1 ~ 1 1>" * 2 # reverb 0.85 0.4 0.5 # pan 0.2
-- A spring: a stick that falls into allpasses.
o7: s "~ ~ ~ <rim ~ [rim rim] ~>" # gain 0.5 # allpass 37 0.8 # allpass 61 0.8 # allpass 113 0.75 # allpass 190 0.7 # comb 73 0.6 * 0.7 # pan -0.6
-- Weather.
o8: stereo (dust 9 * 40 # resonz 1900 30) (dust 7 * 40 # resonz 2600 30) + (velvet 90 * 0.09 # hpf 5000) # reverb 0.6 0.3 0.3
o9: brown * (sine 0.09 * 0.4 + 0.5) # lpf 500 # hpf 60 * 0.3 + (crackle 1.92 * 0.025 # hpf 2500 # pan 0.5)

master: limiter -2
