import no_such_module  # error: there is no module 'no_such_module' [unknown-module]
