"""Keys, unlocking, locking, the audit chain and the encryption of fields and files.

What it stands against, and what not:

- A thief with the disk has no counter in the way: against them stands Argon2id alone, and so the
  officers' passwords. The wrong-try counter stops a person at the keyboard of a running desk.
- Whoever may write the profile folder can put back an old ``tries.json`` or a whole old profile.
  A missing or damaged counter means locked, one set back below what the audit chain has heard of
  it is told there, an old slot file has a lower revision, an audit chain
  behind its anchor is noticed; a profile put back whole is noticed by the server only.
- An officer who was removed and kept a copy of the slot file can still open a copy of the
  database made before: rekey the desk after a removal in anger.
- Roles are enforced by the program. Whoever opens the desk has the master key in memory, and an
  administrator of the machine can read memory, swap and a hibernation image.
- Wiping overwrites our copy of a key; Python and libraries may have left others until reuse.
- The audit chain shows changes by anybody without the device key; somebody who holds the unlocked
  desk and that key can write a new chain, up to the last head the server or an anchor has seen.
- Shredding makes the data unreadable if no copy of the slot file was kept; an SSD may keep the
  overwritten bytes for a while, out of reach of ordinary tools.
"""
