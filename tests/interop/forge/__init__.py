"""Builds ledgers and proofs for the tests, good ones and spoilt ones, without the reader."""
