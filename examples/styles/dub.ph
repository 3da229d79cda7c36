-- Dub: few sounds, much echo. The chord goes into a delay that feeds a filter that feeds the delay again
-- (a loop of buses), and the snare throws into it only now and then. Somebody sits at the desk: bass and drums leave and return.
-- Change: 0.68, what comes back of each echo; at 0.95 it never ends. Listen: what is still there when the bass is gone.
bpm: 72
~send: (s "~ stab:0 ~ ~" # note "<0 0 3 -2>") + (s "~ ~ ~ <~ ~ sn ~>" # gain 0.7) + (s "<~!7 [~ ~ supersiren ~]>" # note 7 # sustain 0.3 # gain 0.4)
~echo: (~send + (~echo # lpf 2200 0.7 # hpf 220 0.7) * 0.68) # delay 0.625 0 1

o1: ~send * 0.9 # pan -0.15
o2: ~echo # reverb 0.8 0.5 0.35 # pan (sine 0.13 * 0.6) * 1.1
o3: mask "<t!7 f>" $ s "[bd ~ ~ ~] ~ [bd ~ ~ bd] ~" # gain 0.7
o4: s "~ rim ~ [rim ~ ~ rim?]" # gain 0.45 # reverb 0.5 0.5 0.2
o5: s "hh(9,16)" # gain "0.9 0.5 0.7" # pan 0.25
o6: mask "<t!6 f f>" $ s "bass:1 ~ [bass:1 ~ bass:1] ~" # note "<0 0 3 -2>" # gain 0.9 # lpf 900 0.7

master: limiter -1.5
