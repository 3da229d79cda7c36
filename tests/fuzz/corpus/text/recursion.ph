fn f x = f x
o1: f 1
~a b $ ~a b
o2: ~a 3
@t: @t
o3: @t
