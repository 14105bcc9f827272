"""A reader and verifier of Yinzheng proofs, written from docs/format.md alone.

It shares no code with the library that writes the files. Section numbers (§) in
comments are those of docs/format.md.
"""
