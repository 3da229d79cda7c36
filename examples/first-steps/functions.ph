-- Names for whole ideas. A bus with parameters is a function; a bus that begins with `#` is a chain;
-- `@name` is a template that is made anew at every use; `%name` is a pattern for use by others.
cps: 0.5

~wub note rate $ saw note # lpf (sine rate * 900 + 1100) 3
fn echoes time x = x # delay time 0.45 0.35
~far # hpf 300 # reverb 0.85 0.4 0.6
@pulse: tadsr "1(3,8)" 0.005 0.25 0.2 0.1
%turn: "<1 1 1 2>"

o1: (~wub "<55 55 65.4 49>" 3 + ~wub "<110.4 110.4 131.2 98.4>" 2) * @pulse * 0.22
o2: echoes 0.25 (s "pluck(5,8)" # note "<0 3 7 10>" # gain 0.5) # ~far
o3: fast %turn $ s "bd [~ bd] ~ bd, ~ cp" # gain 0.48
o4: tri "880 ~ 660 [990 ~]" * @pulse * 0.08 # ~far
