"""Are the tests a guard? Small changes are made in the code, one at a time, and the tests of that module must notice.

`make mutants` draws mutants with a fixed seed and prints each that survived; `equivalent.yaml` lists those that cannot
be noticed by anybody, with the reason. Which tests guard which module stands in `table.py`.
"""
