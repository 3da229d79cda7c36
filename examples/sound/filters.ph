-- Filters. Minimal techno: one line of sixteenths, and in every bar another low-pass does the same sweep. `svf_lp` stays clean however fast it
-- moves, `bq_lp` is the textbook's, `rlpf` peaks by its q, `moog_ladder` sings and gives up bass for it, `moog_hz` keeps the bass, `onepole` is
-- the gentle one. High-passes (`rhpf svf_hp bq_hp onepole_hp`) make hats of noise, band-passes (`bq_bp svf_bp`) drums and wind, and
-- notches (`svf_notch bq_notch`) hollow a chord. Change: "<0 1 2 3 4 5>" to one number. Listen: what each does to the lowest notes.
bpm: 126

~seq: "<[c2 c2 c3 c2 ef2 c2 g2 [bf1 c2]]!3 [c2 c3 c2 ef3 f2 c2 bf2 [g2 bf1]]>"
~pluck: tadsr "1*16" 0.002 0.16 0 0.03
~hz: range 200 1100 (slow 12 sine) + ~pluck * "2600 900 1800 <700 3200>"
~line: (saw ~seq + square ~seq * 0.4) * 0.5

o1: select "<0 1 2 3 4 5>" (~line # svf_lp ~hz 0.7) (~line # bq_lp ~hz 4 * 0.8) (~line # rlpf ~hz 5 * 0.7)
  (~line # moog_ladder ~hz 0.75 * 2) (~line # moog_hz ~hz 0.75) (~line # onepole ~hz * 1.2)
  * tadsr "1*16" 0.002 0.2 0.5 0.03 # delay (3/8) 0.35 0.2 :sync 1 * 0.5
o2: s "bd:2*4" # gain 0.56

~hiss: white * tar "1*16" 0.001 "0.03 0.02 0.07 0.02"
o3: stereo (~hiss # rhpf 6500 2) (~hiss # svf_hp 8000 0.5) * 0.2
o4: white * tar "[~ 1]*4" 0.002 0.13 # bq_hp 5200 1.5 # onepole_hp 3000 * 0.2 # pan 0.3
-- Noise through a narrow band is a drum of that pitch.
o5: white * tar "~ 1 ~ [1 ~ <~ 1>]" 0.001 0.06 # bq_bp "210 280 <180 380>" 9 # softclip 8 * 0.5 # pan -0.3
o6: pink # svf_bp (rangex 300 7000 (slow 8 saw)) 0.75 # pan (sine 0.3 * 0.7) * slow 8 saw * 0.8

~chord: s "supersaw/2" # note "<c3'min7 c3'min7 af2'maj7 bf2'major>/2" # attack 0.4 # legato 0.95 # release 0.6 # gain 0.55
o7: ~chord # svf_notch (sine 0.11 * 500 + 900) 0.2 # bq_notch (sine 0.07 * 1200 + 2400) 0.8 * "<0 0 0.6 0.8>/2" # reverb 0.8 0.5 0.3 * 1.8

master: limiter -1.5
