x = 1
y = x.nothing  # error: has no attribute 'nothing'
