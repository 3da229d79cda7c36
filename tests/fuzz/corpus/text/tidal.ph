d1 $ sound "bd*2 sn" # room 0.3
setcps (130/60/4)
let x = n "0 1"
d2 $ x # s "superpiano"
once $ s "cp"
do
  d3 $ s "hh*4"
hush
