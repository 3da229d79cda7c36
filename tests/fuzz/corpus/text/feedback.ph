~a: sine 220 * 0.2 + (~a # delay 0.1 0.5 * 0.6)
~b: ~c * 0.5 + saw 110
~c: ~b # lpf 400
out: ~a + ~b
