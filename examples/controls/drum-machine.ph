-- A drum machine of one's own. SuperDirt has controls for drum machines that stand on the table; an instrument that reads them with `ctl` is one,
-- too: levels (`lkick lsnare …`), speeds (`sclap …`), decays (`clhatdecay …`), and `hatgrain`. A control goes by its name, whoever reads it.
-- Change: a level of the mixer at the foot. Listen: eight drums, no sample; the levels are patterns and play the fills.
bpm: 116

~kick: sine (48 + 180 * curve 1 0 0.06 -4) * curve 1 0 0.4 -3 * ctl "lkick" 1
~snare: (sine 190 * curve 0.6 0 0.1 -4 + noise * curve 0.5 0 0.18 -4) * ctl "lsnare" 1
~hat: (noise # hpf (5000 + 5000 * ctl "hatgrain" 0.5)) * curve 1 0 (ctl "clhatdecay" 0.05) -4 * ctl "lclhat" 1
~open: (noise # hpf (5000 + 5000 * ctl "hatgrain" 0.5)) * curve 1 0 (ctl "ophatdecay" 0.4) -3 * ctl "lophat" 1
~clap: (noise * curve 1 0 0.02 -2 + noise * curve 0.7 0 0.22 -4 # bpf (700 + 1200 * ctl "sclap" 0.5) 1.4) * 1.6 * ctl "lclap" 1
~tom: sine (80 + 40 * ctl "lhitom" 0 + 40 * curve 1 0 0.1 -3) * curve 1 0 (ctl "tomdecay" 0.3) -3 * (ctl "lhitom" 0 + ctl "llotom" 0)
~clave: sine (1800 + 800 * ctl "sclaves" 0.5) * curve 1 0 0.05 -4 * ctl "lclaves" 1
~agogo: (square (600 + 500 * ctl "sagogo" 0.3) # bpf 1500 1) * curve 1 0 0.25 -4 * ctl "lagogo" 1
~crash: (noise # hpf (3000 + 3000 * ctl "scrash" 0.5)) * curve 1 0 1.4 -4 * ctl "lcrash" 1

o1: s "~kick ~ [~ ~kick] ~ ~kick ~ ~ <~ ~kick>" # lkick "1 0.7" # gain 0.6
o2: s "~ ~snare ~ [~snare <~ ~snare*2>]" # lsnare "0.8 1" # gain 0.5
o3: s "~hat*16" # lclhat "0.9 0.4 0.6 0.4" # clhatdecay "0.04 0.02" # hatgrain (segment 16 rand) # gain 0.45 # pan 0.2
o4: s "[~ ~open]*4" # lophat 0.7 # ophatdecay "<0.1 0.3>" # gain 0.3 # pan -0.2
o5: s "~ ~ ~ ~clap" # lclap 0.8 # sclap "<0.3 0.6>" # gain 0.4
o6: s "<~ ~ ~ [~ ~tom*3]>" # lhitom "0.9 0.5 0" # llotom "0 0.4 0.9" # tomdecay 0.4 # gain 0.34
o7: s "~clave(3,8)" # sclaves "0.2 0.8" # lclaves 0.5 # gain 0.3 # pan 0.5
o8: s "~agogo(5,16,2)" # sagogo "0.2 0.6" # lagogo 0.4 # gain 0.4 # pan -0.5
o9: s "<~crash ~ ~ ~ ~ ~ ~ ~>" # lcrash 0.8 # scrash 0.6 # gain 0.25
o10: s "bass:5(5,8)" # note "<0 0 3 -2>" # gain 0.4

master: limiter -2
