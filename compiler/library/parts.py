# np.real, np.imag.


def real(val):
    return val.real


def imag(val):
    return val.imag
