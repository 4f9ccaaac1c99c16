"""Cases: who must judge, what they decided and why, in a record that shows any change made to it.

How the parts fit (nothing here is imported until it is used; importing this package costs nothing):

    models.py       Case, Event, Decision ...: frozen values, no database
    policy.py       who may do what, from the organisation profile; pure
    hashing.py      the hash of an event, the salted digest of its content; pure
    ledger.py       append-only chains of events in the database
    rows.py         where each case stands now, kept beside its events in the same transaction
    cleaning.py     texts without the personal data that is recognised in them
    bench.py        how a command runs: its transaction, its key, its checkpoint, its message
    desk.py         the service that every face uses: open, claim, assign, note, ask, reply, decide, close ...
    opening.py      a desk from settings
    wording.py      labels, prompts and advice for the fields of a decision (words.yaml)
    sources.py      a copy of every document of the knowledge base as it stood when a case was opened
    checkpoints.py  the heads of all chains in a file outside the database
    verifying.py    finds any change, gap, reordering, cut tail or rewrite
    replaying.py    runs the engine again on the sources as they stood
    purging.py      removes content when its time is over, and leaves the chain whole

Using it from a face::

    database = open_database(settings)                      # advisor/database.py
    desk = open_desk(workshop, database, workspace="T024BE7LH")
    me = desk.directory.actor("slack:U024BE7LH")
    case = desk.open(answer, by=me, key="slack:Ev123")      # the same key, or answer, again gives the same case
    desk.claim(case.id, by=me, key="slack:action-1.2")      # raises TakenAlready when somebody else was first

Rules that hold for every command of the desk:

- ``key`` (any text up to 200 characters) makes it idempotent: repeated with the same key it changes nothing and gives
  the case as it now stands. Without a key each call counts.
- ``by`` is an ``Actor`` of the directory. What policy forbids raises ``Refused`` and is itself recorded.
- an event, where the case stands and the message for the outbox are written in one transaction, or none is.
- every query is bound to the desk's workspace: another workspace's case is "not found".
- text that people type is redacted before it is written, save who received it, who asked for it, who decided and the
  number of the organisation's own file.

Messages to people: when a face has called ``desk.follow()`` once, each event also puts a job in the outbox, in the
same transaction, of kind ``case.event`` with the payload ``{"case", "sequence", "kind"}`` and the key
``case:<id>:<sequence>``, whichever face made the event. Without a follower no job is put.
"""
