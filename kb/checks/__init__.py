"""Checks of a rule base that has been read: one module each, with `AT_LOAD` and `check(knowledge, problems)`.

`AT_LOAD` True: errors that forbid use, run on every load. False: doubts, run by `mitra check` only. Modules are found
by being here.
"""
