fn d x = x + x
o1: d (d (d (d (d (d (d (d (d (d (d (d (d (d (d (d (d (d (saw 110))))))))))))))))))
