-- Other machines. House, of which the notes and the turning of knobs are meant for what stands on the table: a control that makes no sound here stays
-- in its event. `phonon events machines.ph --format json` prints all of it, `--format midi -o machines.mid` writes the notes.
-- o1 to o5 sound here as well; the lines below have no `s` and are nothing but messages: controllers, bends, programs, time code.
-- Change: `midichan`, as your machines are set. Listen: to the left what a bass synth would play, to the right its sequencer.
bpm: 120

o1: s "909bd*4" # midichan 10 # midinote 36 # gain 0.5
o2: s "~ cp ~ cp" # midichan 10 # gain 0.3
o3: s "[~ oh]*4, hh*8" # midichan 10 # gain 0.3
o4: note "<[c2 ~ c3 c2] [ef2 ~ ef3 bf1] [f2 ~ f3 f2] [bf1 ~ bf2 g2]>*2" # s "superpwm" # midichan 1 # velocity "1 0.6 0.8"
  # legato 0.7 # gain 0.8 # pan -0.2
o5: s "superpiano(3,8,2)" # note "<c4'min7 ef4'maj7 f4'min7 bf3'dom7>*2" # midichan 2 # velocity 0.8 # gain 0.36 # pan 0.2

o6: ccv (segment 16 $ range 30 110 $ slow 4 sine) # ccn 74 # midichan 1
o7: cc "71:<20 90>" # midichan 1
o8: control (segment 4 $ slow 2 tri * 127) # ctlNum 1 # midicmd "control" # midichan 2
o9: nrpn "16:<45 90>" # midichan 1
o10: nrpnn 99 # val "<0 8192>" # midichan 2
o11: midibend (segment 8 $ range 8192 10000 $ slow 4 saw) # midichan 1
o12: miditouch "<0 64>" # polyTouch 40 # midichan 2
o13: progNum "<4 5>" # midicmd "program" # midichan 2
o14: songPtr 0 # midicmd "songPtr" # uid 1
o15: seconds "0 1" # hours 0 # minutes 0 # frames 0 # frameRate 25
o16: toArg "hello" # channel 1 # offset 0 # timescale 1 # timescalewin 1 # xsdelay 0 # tsdelay 0 # panspan 1 # pansplay 0.5 # panwidth 2 # panorient 0
