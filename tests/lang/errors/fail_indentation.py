# not python
def f(x):
return x  # error: expected an indented block
