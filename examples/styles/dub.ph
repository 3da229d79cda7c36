-- Dub: few sounds, much echo. The chord goes into a delay that feeds a filter that feeds the delay again
-- (a loop of buses), and the snare throws into it only now and then.
bpm: 72
~send: (s "~ stab:0 ~ ~" # note "<0 0 3 -2>") + (s "~ ~ ~ <~ ~ sn ~>" # gain 0.7)
~echo: (~send + (~echo # lpf 2200 0.7 # hpf 220 0.7) * 0.68) # delay 0.625 0 1

o1: ~send * 0.9
o2: ~echo # reverb 0.8 0.5 0.35 * 1.1
o3: s "[bd ~ ~ ~] ~ [bd ~ ~ bd] ~" # gain 0.54
o4: s "~ rim ~ [rim ~ ~ rim?]" # gain 0.45
o5: s "hh(9,16)" # gain "0.9 0.5 0.7" # pan 0.25
o6: s "bass:1 ~ [bass:1 ~ bass:1] ~" # note "<0 0 3 -2>" # gain 0.6
