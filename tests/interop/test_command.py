"""The command and the policy file."""

import base64
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Tuple

from forge import der, signers
from forge.builder import encode_sequence
from forge.encoder import encode
from forge.scenes import Scene, write_policy
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
        path.write_text(write_policy(self.scene.policy()), encoding="utf-8")
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
        good: Any = {"keys": [{"name": "n", "cose_key": sm2.key_bytes().hex(), "sm2_id": "a", "role": "notary"}]}
        key = read_policy(json.dumps(good)).keys[sm2.thumbprint()]
        self.assertEqual((key.name, key.key.sm2_id), ("n", b"a"))
        ledger = '{"ledgers": [{"id": "' + "00" * 32 + '", "hash": "%s", "name": "n"}]}'
        self.assertEqual(len(read_policy(ledger % "SM3").ledgers), 1)
        revoked = '{"revoked": [{"thumbprint": "00", "since_ms": %s}], "require": {}}'
        self.assertTrue(read_policy(revoked % "1").require)
        for bad in ("", "[]", "{", "[" * 100_000, '{"keyz": []}', '{"ledgers": [{"id": "zz", "name": ""}]}',
                    '{"ledgers": [{"id": "00"}]}', '{"ledgers": [1]}', '{"keys": null}',
                    '{"keys": [{"name": "n", "cose_key": "00"}]}', '{"keys": [{"name": "n", "cose_key": ""}]}',
                    '{"keys": [{"name": "n"}]}', '{"keys": [{"name": "n", "spki_pem": "x"}]}',
                    json.dumps(good).replace("notary", "king"),
                    ledger % "SHA-512", ledger.replace("name", "nome") % "SM3", revoked % '"1"', revoked % "true"):
            with self.assertRaises(Refused, msg=bad[:80]):
                read_policy(bad)

    def test_pem(self) -> None:
        for signer in (signers.Ed25519("k"), signers.P256("k"), signers.Sm2("k")):
            certificate = der.certificate_of(signer.members)
            at = certificate.index(b"\x30", certificate.index(b"\x30\x00" * 4) + 8)
            spki = certificate[at:at + 2 + certificate[at + 1]]
            pem = "-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(spki).decode() + "\n-----END PUBLIC KEY-----\n"
            policy = json.dumps({"keys": [{"name": "n", "spki_pem": pem, "role": "ledger"}]})
            found = read_policy(policy).keys[signer.thumbprint()]
            self.assertEqual(found.key.raw, signer.key_bytes())


if __name__ == "__main__":
    unittest.main()
