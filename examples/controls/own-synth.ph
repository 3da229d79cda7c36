-- A synthesizer of one's own, with the knobs of 1979 under SuperDirt's names: `vcoegint` and `vcfegint` say how far the envelope moves pitch and
-- filter, the `lfo…` ones what the slow oscillator does (`lfodelay`: when it sets in); `modwheel expression sustainpedal gate` are for the
-- hands and feet; `stuttertime` and `stutterdepth` chop. A template (`@lfo`) is made anew wherever it is used, in every voice.
-- Change: the default behind a name in the instrument. Listen: the lead's vibrato waits, as a singer's does.
bpm: 96

@lfo: sine (ctl "modfreq" 5) * curve (ctl "lfosync" 0) 1 (ctl "lfodelay" 0.5) 3 * ctl "lfoint" 1
@eg: curve 1 0 (ctl "decay" 0.3) -3
~mono: saw (ctl "freq" 110 * (1 + @lfo * 0.012 * ctl "lfopitchint" 0 * (1 + ctl "modwheel" 0) + ctl "vcoegint" 0 * @eg)) +
  square (ctl "freq" 110 * ctl "lfoshape" 0.5) * 0.5
  # lpf (300 + 2500 * ctl "expression" 0.5 + 3000 * ctl "vcfegint" 0 * @eg + 500 * ctl "lfocutoffint" 0 * @lfo) 2
  * (1 - ctl "modamp" 0 * (0.5 + 0.5 * @lfo)) * 0.3
~brass: (saw 220 + saw 220.9) # lpf (400 + 4000 * ctl "cutoffegint" 0.5 * curve 0 1 0.08 2) 1
  # adsr 0.03 0.2 0.7 (0.1 + 0.6 * ctl "sustainpedal" 0) * 0.3
~zap: sine (ctl "from" 2000 * pow (ctl "to" 60 / ctl "from" 2000) (curve 0 1 0.12 0)) * curve 1 0 0.2 -3 * ctl "gate" 1
~chop: (pulse 220 0.3 # lpf 1800 1) * (1 - ctl "stutterdepth" 0 * (0.5 + 0.5 * square (1 / ctl "stuttertime" 0.1))) * 0.3

o1: note "<[c4 ~ ef4 f4] [g4 ~ ~ bf4] [af4 g4 ~ f4] [g4 ~ ~ ~]>" # s "~mono" # lfopitchint 1 # modwheel "<0 1>" # lfodelay 0.4 # modfreq 5.5
  # lfosync 0 # lfoint 1 # lfoshape 0.5 # expression 0.6 # legato 1.2 # gain 0.5 # delay 0.3125 0.4 0.35
o2: s "~mono*8" # note "<c2 af1 f1 g1>" # vcfegint "0.6 0.1 0.3 <0.1 0.8>" # vcoegint "0.3 0" # lfocutoffint 0.4 # modamp 0.2
  # decay 0.2 # legato 0.7 # gain 0.6
o3: s "~brass(3,8)" # note "<c4'min7 af3'maj7 f3'min9 g3'dom7>" # cutoffegint "0.8 0.4 <0.4 1>" # sustainpedal "0 0 1" # gain 0.24 # pan -0.3
o4: s "~zap*4" # from "<2000 3000>" # to 48 # gate "1 1 1 <1 0>" # gain 0.6
o5: s "~chop*2" # note "<c5 ef5 c5 d5>" # stuttertime "0.156 0.078" # stutterdepth 1 # gain 0.26 # pan 0.4
o6: s "~ sn:2 ~ sn:2, hh*8" # gain "0.36 0.26"

master: limiter -2
