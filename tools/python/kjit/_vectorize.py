def vectorize(*a, **k):
    raise NotImplementedError("vectorize")
guvectorize = stencil = vectorize
