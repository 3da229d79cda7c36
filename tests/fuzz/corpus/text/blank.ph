

   
-- nothing
# old comment
