# not python
def f(x)  # error: expected ':'
    return x
