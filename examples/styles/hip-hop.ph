-- Hip hop: a drum machine that leans back (`swing`, `nudge`), an 808 that is the bass as well and glides between its notes, a piano as if from
-- an old record (few bits, little treble, wow), scratches, and rests. Every fourth bar the beat stops for a moment: `mask` takes it away.
-- Change: 88 to 70. Listen: the snare is late by 14 ms, and that is the style.
bpm: 88

~hold: "<t t t [t t t f]>"

o1: mask ~hold $ s "bd:3 ~ ~ bd:3 ~ ~ [~ bd:3] ~ ~ bd:3 ~ ~ <~ bd:3> ~ ~ ~" # gain 0.75
o2: s "~ sn:3 ~ <sn:3 sn:3 sn:3 [sn:3 ~ ~ sn:6]>" # gain 0.62 # nudge 0.014
o3: mask ~hold $ swing 0.025 $ every 4 (# speed 1.02) $ s "hh*8 hh*8 hh*8 <hh*8 [hh*8 hh*3]>" # gain "0.6 0.3 0.5 0.3" # pan 0.15
o4: s "~ ~ ~ [~ ~ ~ <~ oh:2>]" # gain 0.4 # cut 1
-- The 808: a kick that hums on, at the pitch of the chord's root.
o5: (mask ~hold $ s "super808 ~ ~ super808 ~ ~ <super808 [super808 super808]> ~" # freq "<43.65 43.65 51.9 38.9>" # voice 1.5 # rate 0.6 # gain 0.8)
  # softclip 1.6 * 0.4
~record: s "superpiano(3,8,<0 2>)" # note "<f3'min9 f3'min9 af3'maj7 ef3'dom7>" # velocity 0.7 # legato 1.1 # gain 1.5
o6: ~record # vibrato 0.6 0.12 # bitcrush 11 2 # lpf 2800 0.8 * 0.45 # every_effect 4 (rlpf 500 1.2) # widener 1.3
o7: note "<~ [~ c5 ~ ~ af4 ~ ~ g4] ~ [~ bf4 ~ ~ ~ ef5 df5 ~]>" # s "supervibe" # legato 2 # gain 0.8 # lpf 2400 # delay (3/16) 0.4 0.4 :sync 1 # pan -0.25
-- Scratches: the same half second, forwards and backwards.
o8: s "<~ ~ ~ [~ vox:3*2 ~ [vox:3 vox:3 vox:3]]>" # speed "1 -1.6 1.3" # begin 0.1 # end 0.4 # cut 2 # gain 0.5 # hpf 500 # pan 0.3
o9: crackle 1.95 * 0.14 # hpf 1500

master: limiter -1.2
