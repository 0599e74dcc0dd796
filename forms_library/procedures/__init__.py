"""Procedures (порядки): who does what by when, as data that people read and cases follow.

* `definition`: the vocabulary; * `problems`: what cannot run; * `progress`: where a case stands; * `guards`: why not yet.
Nothing here knows a database, a clock or a request.
"""
