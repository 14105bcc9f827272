"""§3: hashes, keys and signatures, with published vectors where there are any."""

import hashlib
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from forge import signers
from forge.encoder import encode
from yzp_reader import ed25519, hashes, keys, sm2, sm3
from yzp_reader.errors import Refused
from yzp_reader.keys import PublicKey
from yzp_reader.shape import read


def public(signer: signers.Signer) -> PublicKey:
    return keys.read_key(read(signer.key_bytes(), "key"), "key")


class Hashes(unittest.TestCase):
    def test_sm3_examples(self) -> None:
        """GM/T 0004-2012, appendix A."""
        self.assertEqual(sm3.digest(b"abc").hex(),
                         "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        self.assertEqual(sm3.digest(b"abcd" * 16).hex(),
                         "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")

    def test_sm3_twice(self) -> None:
        for size in range(200):
            self.assertEqual(sm3.digest(bytes(size)), hashes.sm3_digest(bytes(size)))


class Sm2(unittest.TestCase):
    D = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
    K = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
    SIGNATURE = ("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
                 "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")

    def standard_signer(self) -> signers.Sm2:
        signer = signers.Sm2("any")
        signer.d = self.D
        point = sm2.affine(sm2.multiply(self.D, (sm2.GX, sm2.GY)))
        assert point is not None
        signer.point = point
        signer.members = {**signer.members, -2: point[0].to_bytes(32, "big"),
                          -3: point[1].to_bytes(32, "big")}
        return signer

    def test_example_of_the_standard(self) -> None:
        """GM/T 0003.5-2012, appendix A."""
        signer = self.standard_signer()
        self.assertEqual(signer.point[0] >> 224, 0x09F9DF31)
        signature = signer.sign_with(self.K, b"message digest")
        self.assertEqual(signature.hex(), self.SIGNATURE)
        self.assertEqual(keys.verify(public(signer), signature, b"message digest"), "")

    def test_bad_signatures(self) -> None:
        key = public(self.standard_signer())
        r, s = self.SIGNATURE[:64], self.SIGNATURE[64:]
        top = f"{sm2.N:064x}"
        negative = f"{sm2.N - int(r, 16):064x}"       # r + s = n
        for bad in ("0" * 64 + s, r + "0" * 64, top + s, r + top, r + negative, s + r,
                    r + f"{sm2.N - int(s, 16):064x}", r + s + "00", r + s[:-2]):
            self.assertNotEqual(keys.verify(key, bytes.fromhex(bad), b"message digest"), "")
        good = bytes.fromhex(self.SIGNATURE)
        self.assertNotEqual(keys.verify(key, good, b"message digest "), "")
        other_id = key._replace(sm2_id=b"ALICE123@YAHOO.COM")
        self.assertNotEqual(keys.verify(other_id, good, b"message digest"), "")

    @unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
    def test_openssl_signs(self) -> None:
        """A signature made by OpenSSL, with the user ID of our choice."""
        with tempfile.TemporaryDirectory() as folder:
            key, message, out = (str(Path(folder) / name) for name in ("key", "message", "out"))
            Path(message).write_bytes(b"an SM2 message")
            commands = (
                ["genpkey", "-algorithm", "SM2", "-out", key],
                ["pkeyutl", "-sign", "-rawin", "-digest", "sm3", "-inkey", key, "-in", message,
                 "-out", out, "-pkeyopt", "distid:somebody"])
            for command in commands:
                if subprocess.run(["openssl", *command], capture_output=True).returncode:
                    self.skipTest("this openssl has no SM2")
            spki = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"],
                                  capture_output=True, check=True).stdout
            der = Path(out).read_bytes()
        r_end = 4 + der[3]
        r, s = der[4:r_end], der[r_end + 2:]
        signature = b"".join(part[-32:].rjust(32, b"\0") for part in (r, s))
        raw = encode({1: 2, 3: -66002, -1: -66006, -2: spki[-64:-32], -3: spki[-32:]})
        mine = keys.read_key(read(raw, "key"), "key")._replace(sm2_id=b"somebody")
        self.assertEqual(keys.verify(mine, signature, b"an SM2 message"), "")


class Keys(unittest.TestCase):
    def test_thumbprint_is_over_the_map_without_alg(self) -> None:
        for alg in (-8, -7, -66002):
            signer = signers.make(alg, "thumbprint")
            self.assertEqual(public(signer).thumbprint(), signer.thumbprint())

    def test_refused(self) -> None:
        ed, p256 = signers.Ed25519("k").members, signers.P256("k").members
        sm2_key = signers.Sm2("k").members
        bad = [
            {**ed, 3: -19}, {**ed, 1: 2}, {**ed, -1: 4}, {**ed, -2: ed[-2] + b"\0"}, {**ed, 2: b"kid"},
            {**ed, -3: bytes(32)}, {**ed, 4: [2]}, {**ed, -4: bytes(32)},
            {**p256, 3: -9}, {**p256, 3: -66002}, {**p256, -1: 2}, {**p256, -1: -66006}, {**p256, -3: True},
            {**p256, -3: p256[-2]}, {**p256, -2: bytes(32), -3: bytes(32)}, {**p256, -2: b"\xff" * 32},
            {**sm2_key, -1: 1}, {**sm2_key, -3: sm2_key[-2]}, {**sm2_key, 3: -7},
            {**p256, -2: sm2_key[-2], -3: sm2_key[-3]}, {**sm2_key, -2: p256[-2], -3: p256[-3]}, {}, {3: -8},
            {**sm2_key, -2: (int.from_bytes(sm2_key[-2], "big") + sm2.P).to_bytes(33, "big")}]
        for members in bad:
            with self.assertRaises(Refused, msg=str(members)):
                keys.read_key(read(encode(members), "key"), "key")

    def test_ed25519_points(self) -> None:
        self.assertTrue(ed25519.good_point(signers.Ed25519("k").x))
        p = ed25519.P
        bad = {
            "neutral": 1, "order 2": p - 1, "order 4": 0, "order 4, sign": 1 << 255,
            "neutral, sign": 1 | 1 << 255, "y = p": p, "y = p + 1": p + 1, "y = 2^255 - 1": 2 ** 255 - 1,
            "not on the curve": 2, "order 8":
            int.from_bytes(bytes.fromhex(
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little")}
        for name, number in bad.items():
            self.assertFalse(ed25519.good_point(number.to_bytes(32, "little")), name)

    def test_ed25519_signatures(self) -> None:
        signer = signers.Ed25519("k")
        signature = signer.sign(b"m")
        key = public(signer)
        self.assertEqual(keys.verify(key, signature, b"m"), "")
        s = int.from_bytes(signature[32:], "little")
        for bad in (signature[:32] + (s + ed25519.L).to_bytes(32, "little"),
                    b"\x01" + bytes(31) + signature[32:], signature[:63], signature + b"\0",
                    bytes(64)):
            self.assertNotEqual(keys.verify(key, bad, b"m"), "")
        self.assertNotEqual(keys.verify(key, signature, b"n"), "")

    def test_p256_high_s(self) -> None:
        signer = signers.P256("k")
        key = public(signer)
        high = signer.sign(b"m", high=True)
        self.assertEqual(keys.verify(key, high, b"m"), "s is high")
        self.assertEqual(keys.verify(key, high, b"m", outside=True), "")
        self.assertEqual(keys.verify(key, signer.sign(b"m"), b"m"), "")
        r, s = high[:32], high[32:]
        n = keys.P256_N.to_bytes(32, "big")
        for bad in (bytes(32) + s, r + bytes(32), n + s, r + n, s + r):
            self.assertNotEqual(keys.verify(key, bad, b"m", outside=True), "")

    def test_p256_rfc_6979_example(self) -> None:
        """RFC 6979 A.2.5, message "sample", SHA-256."""
        raw = encode({1: 2, 3: -7, -1: 1, -2: bytes.fromhex(
            "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"), -3: bytes.fromhex(
            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")})
        signature = bytes.fromhex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                                  "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")
        key = keys.read_key(read(raw, "key"), "key")
        self.assertEqual(keys.verify(key, signature, b"sample", outside=True), "")
        self.assertEqual(keys.verify(key, signature, b"sample"), "s is high")

    def test_sha256_is_hashlib(self) -> None:
        self.assertEqual(hashes.digest(-16, b"x"), hashlib.sha256(b"x").digest())


if __name__ == "__main__":
    unittest.main()
