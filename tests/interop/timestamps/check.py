"""Timestamps both ways with openssl, rfc3161-client and BouncyCastle.

    python check.py YINZHENG STORY WORK [CLASSPATH]

STORY: a folder that `yinzheng seal examples/credit-loan` filled. CLASSPATH: where BouncyCastle and Authority.class are.
"""

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Optional

YINZHENG, STORY, WORK = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
JAVA = ["java", "-cp", sys.argv[4], "Authority"] if len(sys.argv) > 4 else None
KINDS = {
    "rsa": (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "sha256"),
    "rsa4096": (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096"], "sha512"),
    "p256": (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "sha256"),
    "p384": (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], "sha384"),
}
CONF = """
[tsa]
dir = .
serial = serial
signer_digest = {digest}
default_policy = 1.3.6.1.4.1.32473.1
digests = {digests}
accuracy = secs:1
ess_cert_id_alg = {ess}
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
[middle]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
[stamper]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ca]
default_ca = here
[here]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
"""
checked = 0


def run(arguments: List[str], folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(arguments, cwd=folder, capture_output=True)


def must(arguments: List[str], folder: Path) -> bytes:
    done = run(arguments, folder)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, arguments))}\n{done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout


def openssl(folder: Path, *arguments: str) -> bytes:
    return must(["openssl", *arguments], folder)


def yinzheng(*arguments: object, error: Optional[int] = None) -> Dict:
    done = subprocess.run([YINZHENG, "--json", *map(str, arguments)], capture_output=True)
    answer = json.loads(done.stdout)
    found = answer.get("error", {}).get("number") if isinstance(answer.get("error"), dict) else None
    if found != error:
        sys.exit(f"{arguments}: error {found}, not {error}: {done.stdout.decode()[:600]}")
    return answer


def expect(what: str, good: bool, told: object = "") -> None:
    global checked
    checked += 1
    if not good:
        sys.exit(f"FAILED {what}: {told}")


def authority(kind: str) -> Path:
    """A root, one between, and an authority, made by openssl."""
    options, digest = KINDS[kind]
    folder = WORK / kind
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    ess = "sha1" if kind == "p256" else "sha256"
    (folder / "tsa.cnf").write_text(CONF.format(digest=digest, digests="sha256,sha384,sha512", ess=ess))
    (folder / "serial").write_text("01\n")
    (folder / "index.txt").write_text("")
    (folder / "crlnumber").write_text("01\n")
    signer = {"root": "root", "middle": "root", "stamper": "middle"}
    for number, name in enumerate(signer, 1):
        openssl(folder, "genpkey", *options, "-out", f"{name}.pem")
        openssl(folder, "req", "-new", "-key", f"{name}.pem", "-subj", f"/O=Example {kind}/CN={name}", "-config", "tsa.cnf",
                "-out", f"{name}.csr")
        by = ["-signkey", "root.pem"] if name == "root" else ["-CA", f"{signer[name]}.crt", "-CAkey", f"{signer[name]}.pem"]
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-days", "400", f"-{digest}", "-set_serial", str(number),
                "-extfile", "tsa.cnf", "-extensions", name, *by, "-out", f"{name}.crt")
    return folder


def answer(folder: Path, query: Path, name: str, *more: str) -> Path:
    openssl(folder, "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", str(query), "-signer", "stamper.crt",
            "-inkey", "stamper.pem", "-chain", "middle.crt", *more, "-out", name)
    return folder / name


def policy(folder: Path, root: Path, name: str = "policy.json", **more: object) -> Path:
    anchor = {"certificate_pem": root.read_text(), "for": ["timestamps"], "name": f"Root of {folder.name}"}
    path = folder / name
    path.write_text(json.dumps({"anchors": [anchor], "require": {"timestamps": 1}, **more}))
    return path


def outcomes(proof: Path, known: Path) -> Dict[str, List[str]]:
    verdict = yinzheng("verify", proof, "--policy", known)
    found: Dict[str, List[str]] = {"grades": [record["grade"] for record in verdict["records"]]}
    for line in verdict["lines"]:
        found.setdefault(line["check"], []).append(line["outcome"])
    return found


def prove(ledger: Path, folder: Path, *more: object) -> Path:
    proof = folder / "dossier.yzp"
    number = yinzheng("list", "dossiers", "--ledger", ledger)["dossiers"][0]["dossier"]
    yinzheng("prove", number, "--ledger", ledger, "-o", proof, "--force", *more)
    return proof


def fresh(folder: Path) -> Path:
    """A copy of the story's ledger, so that each authority's stamp stands alone."""
    for file in (STORY / "ledgers").glob("core*"):
        shutil.copy(file, folder)
    return folder / "core.db"


def read_back(folder: Path, ledger: Path, proof: Path, root: Path) -> None:
    """The token in a verification kit, read by tools that we did not write."""
    number = yinzheng("list", "records", "--ledger", ledger)["records"][0]["record"]
    kit = folder / "kit"
    yinzheng("export", "--kit", number, "--proof", proof, "-o", kit)
    data, token = kit / "head-block.cbor", kit / "token-1.tst"
    if not data.exists():
        data = kit / "sealed-block.cbor"
    expect("the kit has the token", token.exists(), sorted(path.name for path in kit.iterdir()))
    if folder.name.startswith("sm2"):
        return bouncy(folder, "verify", str(token), str(data), str(root))
    seen = openssl(folder, "ts", "-verify", "-data", str(data), "-in", str(token), "-token_in", "-CAfile", str(root))
    expect("openssl verifies what we attach", b"Verification: OK" in seen, seen)
    other = run(["openssl", "ts", "-verify", "-data", str(kit / "entry.cbor"), "-in", str(token), "-token_in", "-CAfile",
                 str(root)], folder)
    expect("openssl refuses it for other bytes", other.returncode != 0)
    by_rfc3161_client(folder, data, root)
    if JAVA:
        bouncy(folder, "verify", str(token), str(data), str(root))


def by_rfc3161_client(folder: Path, data: Path, root: Path) -> None:
    from cryptography import x509
    from rfc3161_client import VerifierBuilder, decode_timestamp_response
    from rfc3161_client.errors import VerificationError

    # It takes whole responses, and no certificate set that openssl left unsorted: one without -chain.
    query = folder / "plain.tsq"
    ledger = folder / "core.db"
    yinzheng("timestamp", "request", "--ledger", ledger, "-o", query, "--force")
    openssl(folder, "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", str(query), "-signer", "stamper.crt",
            "-inkey", "stamper.pem", "-out", "plain.tsr")
    yinzheng("timestamp", "attach", "--ledger", ledger, "--request", query, "--response", folder / "plain.tsr")
    response = decode_timestamp_response((folder / "plain.tsr").read_bytes())
    load = lambda path: x509.load_pem_x509_certificate(path.read_bytes())  # noqa: E731
    verifier = VerifierBuilder().add_root_certificate(load(root)).add_intermediate_certificate(load(folder / "middle.crt"))
    verifier = verifier.tsa_certificate(load(folder / "stamper.crt")).build()
    try:
        expect("rfc3161-client verifies", verifier.verify_message(response, data.read_bytes()))
    except VerificationError as error:
        sys.exit(f"FAILED rfc3161-client: {error}")
    try:
        verifier.verify_message(response, b"other")
    except VerificationError:
        return
    sys.exit("FAILED rfc3161-client takes other bytes")


def bouncy(folder: Path, *arguments: str) -> None:
    assert JAVA is not None
    must([*JAVA, *arguments], folder)
    global checked
    checked += 1


def with_openssl(kind: str) -> None:
    folder = authority(kind)
    ledger, root = fresh(folder), folder / "root.crt"
    query = folder / "q.tsq"
    known = policy(folder, root)
    yinzheng("timestamp", "request", "--ledger", ledger, "-o", query)
    expect("openssl reads the request", b"Nonce: 0x" in openssl(folder, "ts", "-query", "-in", str(query), "-text"))
    reply = answer(folder, query, "r.tsr")
    bare = prove(ledger, folder)
    expect("before", outcomes(bare, known)["record.not-later"][0] == "not-proven")
    told = yinzheng("timestamp", "attach", "--ledger", ledger, "--request", query, "--response", reply, "--policy", known)
    expect("what attach tells", told["accuracy_ms"] == 1000 and told["chain_checked"], told)
    proof = prove(ledger, folder)
    newest = proof.read_bytes()
    expect("the stamped block is the head", prove(ledger, folder, "--head", "witnessed").read_bytes() == newest)
    found = outcomes(proof, known)
    expect(f"{kind}: the token is proven", found["outside.token"] == ["proven"], found["outside.token"])
    expect("not later than", set(found["record.not-later"]) == {"proven.token"}, found["record.not-later"])
    expect("grade", set(found["grades"]) <= {"witnessed", "notarised"}, found["grades"])
    expect("the policy's wish", found["policy.timestamps"] == ["proven"])
    read_back(folder, ledger, proof, root)
    revoke(folder, proof, root)
    refusals(folder, ledger, query, reply)


def revoke(folder: Path, proof: Path, root: Path) -> None:
    """Lists and answers made by openssl."""
    lists = []
    for name in ("root", "middle"):
        (folder / "index.txt").write_text("")
        openssl(folder, "ca", "-config", "tsa.cnf", "-name", "here", "-gencrl", "-keyfile", f"{name}.pem", "-cert", f"{name}.crt",
                "-out", f"{name}.crl")
        lists.append((folder / f"{name}.crl").read_text())
    found = outcomes(proof, policy(folder, root, "lists.json", crls_pem=lists))
    expect("nothing revoked", found["outside.token"][0] == "proven.unrevoked", found["outside.token"])
    (folder / "index.txt").write_text("R\t350101000000Z\t200101000000Z\t03\tunknown\t/CN=stamper\n")
    openssl(folder, "ca", "-config", "tsa.cnf", "-name", "here", "-gencrl", "-keyfile", "middle.pem", "-cert", "middle.crt", "-out",
            "revoked.crl")
    revoked = policy(folder, root, "revoked.json", crls_pem=[(folder / "revoked.crl").read_text()])
    found = outcomes(proof, revoked)
    expect("revoked before", found["outside.token"][0] == "not-proven.authority", found["outside.token"])
    for status, expected in (("V", "proven.unrevoked"), ("R", "not-proven.authority")):
        revoked_at = "200101000000Z" if status == "R" else ""
        (folder / "index.txt").write_text(f"{status}\t350101000000Z\t{revoked_at}\t03\tunknown\t/CN=stamper\n")
        openssl(folder, "ocsp", "-index", "index.txt", "-CA", "middle.crt", "-rsigner", "middle.crt", "-rkey", "middle.pem",
                "-issuer", "middle.crt", "-cert", "stamper.crt", "-ndays", "9", "-respout", "ocsp.der", "-noverify")
        answered = base64.b64encode((folder / "ocsp.der").read_bytes()).decode()
        known = policy(folder, root, "ocsp.json", crls_pem=[lists[0]], ocsp_base64=[answered])
        found = outcomes(proof, known)
        expect(f"OCSP {status}", found["outside.token"][0] == expected, found["outside.token"])


def refusals(folder: Path, ledger: Path, query: Path, reply: Path) -> None:
    """Answers that must be refused, each with its error."""
    def attach(response: Path, error: int, asked: Path = query, *more: object) -> None:
        yinzheng("timestamp", "attach", "block:0", "--ledger", ledger, "--request", asked, "--response", response, *more, error=error)
        expect(f"error {error}", True)

    attach(reply, 407)                                     # the request was about another block
    asked = folder / "q0.tsq"
    yinzheng("timestamp", "request", "block:0", "--ledger", ledger, "-o", asked)
    attach(reply, 407, asked)                              # an answer about another block
    again = folder / "q0-again.tsq"
    yinzheng("timestamp", "request", "block:0", "--ledger", ledger, "-o", again)
    mine = answer(folder, asked, "r0.tsr")
    attach(mine, 418, again)                               # the answer to another request
    stranger = policy(folder, folder / "stamper.crt", "stranger.json")
    known = json.loads(stranger.read_text())
    known["anchors"][0]["certificate_pem"] = (WORK / "stranger.crt").read_text()
    stranger.write_text(json.dumps(known))
    attach(mine, 419, asked, "--policy", stranger)         # nobody whom the policy knows
    bytes_of = mine.read_bytes()
    for name, changed, error in (("cut", bytes_of[:-1], 416), ("longer", bytes_of + b"\0", 416), ("junk", b"junk", 416),
                                 ("signature", bytes_of[:-9] + bytes([bytes_of[-9] ^ 1]) + bytes_of[-8:], 404)):
        path = folder / f"{name}.tsr"
        path.write_bytes(changed)
        attach(path, error, asked)
    declined = (folder / "tsa.cnf").read_text().replace("sha256,sha384,sha512", "sha512")
    (folder / "narrow.cnf").write_text(declined)
    must(["openssl", "ts", "-reply", "-config", "narrow.cnf", "-section", "tsa", "-queryfile", str(asked), "-signer", "stamper.crt",
          "-inkey", "stamper.pem", "-out", "declined.tsr"], folder)
    attach(folder / "declined.tsr", 417, asked)


def with_bouncycastle() -> None:
    for arc in ("pkcs7", "gm"):
        for hash_name in ("sha256", "sm3"):
            folder = WORK / f"sm2-{arc}-{hash_name}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            ledger, query = fresh(folder), folder / "q.tsq"
            yinzheng("timestamp", "request", "--hash", hash_name, "--ledger", ledger, "-o", query)
            bouncy(folder, "answer", arc, str(query), "r.tsr", "root.crt")
            known = policy(folder, folder / "root.crt")
            yinzheng("timestamp", "attach", "--ledger", ledger, "--request", query, "--response", folder / "r.tsr", "--policy", known)
            proof = prove(ledger, folder)
            found = outcomes(proof, known)
            expect(f"{folder.name}: the token is proven", found["outside.token"] == ["proven"], found["outside.token"])
            read_back(folder, ledger, proof, folder / "root.crt")


def main() -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    openssl(WORK, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "stranger.pem",
            "-subj", "/CN=stranger", "-days", "400", "-out", "stranger.crt")
    for kind in KINDS:
        with_openssl(kind)
    if JAVA:
        with_bouncycastle()
    print(f"timestamps: {checked} checks passed, {len(KINDS)} authorities by openssl" + (", 4 by BouncyCastle" if JAVA else ""))


main()
