//! `timestamp`: requests over blocks and entries, and answers that are none. Good answers take an authority: `tests/interop/timestamps`.

use super::*;

#[test]
fn a_request_is_written_and_no_other_answer_is_taken() {
    let (place, _) = Place::sealed("credit-loan");
    let core = "out/ledgers/core.db";
    let ask = |more: &[&str]| {
        place.run(&[&["timestamp", "request", "--json", "--ledger", core], more].concat())
    };
    let run = ask(&["-o", "day.tsq"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let told: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(told["hash"], "SHA-256");
    let query = place.read("day.tsq");
    assert_eq!(query[0], 0x30);
    assert_ne!(ask(&["-o", "day.tsq"]).code, 0, "nothing is overwritten unasked");
    assert_eq!(ask(&["-o", "day.tsq", "--force"]).code, 0);
    assert_ne!(place.read("day.tsq"), query, "each has a nonce of its own");
    let run = ask(&["block:0", "--hash", "sm3", "-o", "first.tsq"]);
    let told: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&told["hash"], &told["target"]["height"]), (&"SM3".into(), &0.into()));
    assert_eq!(ask(&["3", "-o", "entry.tsq"]).code, 0);
    assert_eq!(ask(&["block:9999", "-o", "x.tsq"]).code, 2);
    place.write("junk.tsr", "junk");
    let attach = |request: &str, more: &[&str]| {
        let base = ["timestamp", "attach", "--json", "--ledger", core, "--request", request];
        let run = place.run(&[&base[..], &["--response", "junk.tsr"], more].concat());
        let told: Value = serde_json::from_str(&run.out).unwrap();
        (run.code, told["error"]["number"].clone())
    };
    // The block is found by its imprint; then the answer is none.
    assert_eq!(attach("day.tsq", &[]), (2, 416.into()));
    assert_eq!(attach("first.tsq", &["block:1"]), (1, 407.into()));
    assert_eq!(attach("junk.tsr", &[]), (2, 416.into()));
    // An entry is not looked for.
    assert_eq!(attach("entry.tsq", &[]).0, 2);
    // Nothing is attached yet, so there is no head to prove under.
    let prove = |head: &str| {
        place.run(&["prove", "2", "--ledger", core, "--head", head, "-o", "p.yzp"]).code
    };
    assert_eq!([prove("witnessed"), prove("9999"), prove("oldest")], [2, 2, 2]);
    assert_eq!([prove("0"), prove("1")], [2, 0], "the record is in block 1");
    let list = place.run(&["check", "--ledger", core]);
    assert_eq!(list.code, 0);
}
