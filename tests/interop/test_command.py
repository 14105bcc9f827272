"""The command and the policy file."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Tuple

from forge.builder import encode_sequence
from forge.encoder import encode
from forge.scenes import Scene
from yzp_reader.errors import Refused
from yzp_reader.policy import read_policy

HERE = Path(__file__).resolve().parent


class Command(unittest.TestCase):
    def setUp(self) -> None:
        self.scene = Scene(-16, -7)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_reader(self, data: bytes, *options: str) -> Tuple[int, str]:
        path = self.folder / "file.yzp"
        path.write_bytes(data)
        done = subprocess.run([sys.executable, "-m", "yzp_reader", str(path), *options], cwd=HERE,
                              capture_output=True, text=True, encoding="utf-8")
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def policy(self) -> str:
        path = self.folder / "policy.json"
        path.write_text(json.dumps({
            "ledgers": [{"id": self.scene.ledger.id.hex(), "name": "Example Bank"}],
            "keys": [{"name": "Example Notary", "cose_key": self.scene.notary.key_bytes().hex()}]}))
        return str(path)

    def test_exit_codes(self) -> None:
        proof = self.scene.proof()
        code, said = self.run_reader(encode(proof), "--policy", self.policy())
        self.assertEqual(code, 0)
        self.assertIn("Integrity and origin were checked", said)
        self.assertIn("Example Notary", said)
        code, said = self.run_reader(encode(proof))
        self.assertEqual(code, 0)
        self.assertIn("Integrity only", said)
        proof[2][1][0] = proof[2][1][0].replace(b"0.1.0", b"0.1.1")
        self.assertEqual(self.run_reader(encode(proof))[0], 1)
        self.assertEqual(self.run_reader(b"{}")[0], 2)
        self.assertEqual(self.run_reader(b"")[0], 2)
        self.assertEqual(self.run_reader(encode(self.scene.proof()), "--policy", "nowhere.json")[0], 2)

    def test_bundle(self) -> None:
        data = encode_sequence(self.scene.ledger.bundle())
        self.assertEqual(self.run_reader(data, "--bundle")[0], 0)
        self.assertEqual(self.run_reader(data)[0], 2)

    def test_policies(self) -> None:
        sm2 = Scene(-66003, -66002).notary
        good: Any = {"keys": [{"name": "n", "cose_key": sm2.key_bytes().hex(), "sm2_id": "61"}]}
        key = read_policy(json.dumps(good)).keys[sm2.thumbprint()]
        self.assertEqual((key.name, key.key.sm2_id), ("n", b"a"))
        for bad in ("", "[]", "{", "[" * 100_000, '{"keyz": []}', '{"ledgers": [{"id": "zz", "name": ""}]}',
                    '{"ledgers": [{"id": "00"}]}', '{"ledgers": [1]}', '{"keys": null}',
                    '{"keys": [{"name": "n", "cose_key": "00"}]}',
                    '{"keys": [{"name": "n", "cose_key": ""}]}'):
            with self.assertRaises(Refused):
                read_policy(bad)


if __name__ == "__main__":
    unittest.main()
