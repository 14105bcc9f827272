"""What a real browser makes of the pages: their DOM, their print, and no connection.

    python3 check.py YINZHENG STORY WORK

Needs chromium and poppler-utils. STORY is what `yinzheng seal examples/credit-loan` left. Ends with 77 where the browser does not start.
"""

import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

COMMAND, STORY, WORK = (Path(arg).resolve() for arg in sys.argv[1:4])
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND"]
AT = "2026-11-29T00:00:00Z"
HOSTILE = ["</bdi><script>document.title='owned'</script>", "\"><img src=x onerror=\"document.title='owned'\">",
           "<style>*{display:none}</style>", "\u202e不一致\u202c 一致", "一\u200b致", "مثال 123", "a" + "\u0301" * 40, "龙" * 3000,
           "W" * 900, "<!-- ", "</body>"]


def browser(*args: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["chromium", *FLAGS, f"--user-data-dir={folder}", *args], capture_output=True, text=True, timeout=180)
    return done.stdout


def asked_for(page: Path) -> tuple[str, list[str]]:
    """The DOM, and every request, name look-up and connection that the page caused. The browser's own belong to no file."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "net.json"
        dom = browser(f"--log-net-log={log}", "--dump-dom", page.as_uri())
        events = json.loads(log.read_text(encoding="utf-8"))["events"]
    of = [event.get("params", {}) for event in events]
    keys = ("network_isolation_key", "network_anonymization_key")
    return dom, [str(one.get("url", one.get("host"))) for one in of if any("file:" in str(one.get(key)) for key in keys)]


def make(kind: str, lang: str, source: Path, name: str, *more: str) -> Path:
    page = WORK / f"{name}.{lang}.html"
    done = subprocess.run([COMMAND, "--lang", lang, "paper", kind, source, "-o", page, "--force", *more], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return page


def ledger_page(lang: str) -> Path:
    page = WORK / f"ledger.{lang}.html"
    subprocess.run([COMMAND, "--lang", lang, "page", "--ledger", STORY / "ledgers" / "core.db", "--at", AT, "-o", page, "--force"], check=True,
                   capture_output=True)
    return page


def printed(page: Path) -> None:
    pdf = page.with_suffix(".pdf")
    pdf.unlink(missing_ok=True)
    browser("--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri())
    assert pdf.exists(), f"{page.name}: not printed"


def on_paper(page: Path, order: str) -> str:
    """The text of the print: `-layout` as it stands on the sheet, `-raw` cell by cell."""
    return subprocess.run(["pdftotext", order, page.with_suffix(".pdf"), "-"], capture_output=True, text=True, check=True).stdout


def squeezed(text: str) -> str:
    """Without spaces and the marks that pdftotext puts around lines with Arabic in them; print turns some characters into compatible ones."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and unicodedata.category(c) != "Cf")


def text_of(dom: str) -> str:
    body = re.sub(r"<style.*?</style>|<svg.*?</svg>", "", dom[dom.index("<body"):], flags=re.S)
    text = re.sub(r"<[^>]*>", "\n", body)
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


def check_dom(page: Path) -> str:
    dom, asked = asked_for(page)
    assert not asked, f"{page.name}: asks for {asked}"
    assert "owned" not in re.search(r"<title>(.*?)</title>", dom, re.S).group(1), f"{page.name}: a script ran"
    for tag in ("script", "img", "iframe", "object", "link", "form", "a", "input"):
        assert not re.search(rf"<{tag}[\s>]", dom), f"{page.name}: <{tag}>"
    assert dom.count("<style") == 1, f"{page.name}: another style"
    return dom


def check_width(page: Path, width: int) -> None:
    """Nothing sticks out at the right: the page tells by a picture as wide as asked for whether it would scroll."""
    probe = page.with_suffix(f".{width}.html")
    # The policy forbids scripts, so the measuring copy goes without it.
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    frame = (f'<!DOCTYPE html><iframe id="f" style="width:{width}px;height:900px;border:0"></iframe><script>const f=document.getElementById("f");'
             f'f.srcdoc={json.dumps(text).replace("</", "<" + chr(92) + "/")};f.onload=()=>{{const d=f.contentDocument.documentElement;'
             "document.title=d.scrollWidth+'/'+d.clientWidth}</script>")
    probe.write_text(frame, encoding="utf-8")
    dom = browser("--virtual-time-budget=4000", "--dump-dom", probe.as_uri())
    wide, seen = map(int, re.search(r"<title>(\d+)/(\d+)</title>", dom).groups())
    assert wide <= seen, f"{page.name}: {wide} pixels wide in {seen}"


def check_print(page: Path, dom: str) -> None:
    printed(page)
    sheets = on_paper(page, "-layout").rstrip("\f").split("\f")
    for at, sheet in enumerate(sheets, 1):
        assert squeezed(sheet).endswith(f"{at}/{len(sheets)}"), f"{page.name}: sheet {at} of {len(sheets)} has no number"
    flat = squeezed(on_paper(page, "-raw"))
    # The foot of a sheet may stand in the middle of a paragraph: short pieces of the text are looked for.
    lost = [piece for line in text_of(dom).splitlines() for piece in [squeezed(line)] if 0 < len(piece) <= 12 and piece not in flat]
    assert not lost, f"{page.name}: not printed: {lost[:5]}"


def check_fonts(page: Path) -> None:
    fonts = subprocess.run(["pdffonts", page.with_suffix(".pdf")], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts, f"{page.name}: no fonts"
    for font in fonts:
        assert re.search(r"\byes\b", font), f"{page.name}: a font that is not in the file: {font}"


def hostile(verdict: dict, text: str) -> dict:
    verdict = json.loads(json.dumps(verdict))
    for ledger in verdict["ledgers"]:
        ledger["organisation"] = ledger["known_as"] = text
    for record in verdict["records"]:
        record["label"] = {"zh": text, "en": text}
        for field in record["fields"]:
            field["label"] = {"zh": text, "en": text}
            if field["value"]:
                field["value"] = field["masked"] = {"zh": text, "en": text}
    for line in verdict["lines"]:
        line["says"] = {"zh": text, "en": text}
    verdict["lines"].append({**verdict["lines"][0], "check": "key.certificate", "status": "NOT_PROVEN",
                             "facts": {name: text for name in ("subject", "issuer", "serial", "not_before", "not_after")}})
    return verdict


def main() -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    blank = WORK / "blank.html"
    blank.write_text("<title>it runs</title>", encoding="utf-8")
    if "it runs" not in browser("--dump-dom", blank.as_uri()):
        print("chromium does not start here")
        sys.exit(77)
    # What would be a connection is seen as one, else that none is seen says nothing.
    blank.write_text('<img src="http://127.0.0.1:9/x"><link rel="preconnect" href="http://a.invalid">', encoding="utf-8")
    assert {"http://127.0.0.1:9/x", "http://~notfound"} <= set(asked_for(blank)[1]), "the browser does not tell what it asks for"
    proof, policy = STORY / "dossier.yzp", ("--policy", str(STORY / "policy.json"))
    verdict = json.loads(subprocess.run([COMMAND, "--json", "verify", proof, *policy, "--at", AT], capture_output=True, text=True, check=True).stdout)
    signed = next(record["number"] for record in verdict["records"] if record["signed_by"])
    contract = Path(__file__).resolve().parents[2] / "examples/credit-loan/attachments/loan-agreement.txt"
    kinds = [("certificate", ()), ("signing", ()), ("list", ()), ("annex", ("--contract", str(contract))), ("receipt", ("--record", signed))]
    for lang in ("zh", "en"):
        pages = [make(kind, lang, proof, kind, *policy, "--at", AT, *more) for kind, more in kinds] + [ledger_page(lang)]
        for page in pages:
            dom = check_dom(page)
            check_print(page, dom)
            check_fonts(page)
            check_width(page, 360)
            check_width(page, 1000)
            if lang == "zh":
                assert "Noto Serif CJK SC" in page.read_text(encoding="utf-8")
                # A sentence that stands at the end of every page; the sheet's foot may fall into it.
                end = "本页由账本的当前状态生成" if page.name.startswith("ledger") else "本页由核验结论自动生成"
                assert end in squeezed(on_paper(page, "-raw")), f"{page.name}: the Chinese is not there"
    small = json.loads(json.dumps(verdict))
    small["records"] = small["records"][:1] + [record for record in small["records"] if record["number"] == signed]
    # A hand-over, for the part of the page that tells of one.
    small["records"][0]["profile"] = "evidence.custody"
    for field, name in zip(small["records"][0]["fields"], ("from", "to", "given_at", "before", "after", "result"), strict=False):
        field["name"] = f"custody.{name}"
    numbers = {record["number"] for record in small["records"]}
    small["lines"] = [line for line in small["lines"] if not line["subject"].startswith("R-") or line["subject"] in numbers]
    for at, text in enumerate(HOSTILE):
        source = WORK / f"hostile-{at}.json"
        source.write_text(json.dumps(hostile(small, text), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        page = make("certificate", "zh", source, f"hostile-{at}")
        dom = check_dom(page)
        assert all(part in text_of(dom) for part in ("本证明不能证明的事项", "✓ 一致", "序列号", "移交方"))
        check_width(page, 360)
        check_print(page, dom)
    print(f"{2 * (len(kinds) + 1)} pages and {len(HOSTILE)} hostile ones, seen and printed")


main()
