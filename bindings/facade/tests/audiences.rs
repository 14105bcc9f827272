//! What each audience sees of a record, asked for by its word at the boundary.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::*;
use serde_json::json;
use yinzheng_facade::*;

#[test]
fn each_audience_sees_its_part() {
    let (ledger, signer) = ledger("SHA-256", "Ed25519");
    let mut request = loan("5000.00");
    request["message"]["手机号"] = json!("13900001234");
    request["message"]["姓名"] = json!("苏示例");
    let record = append(ledger, &request);
    seal(ledger, signer);
    let shown = |disclose: &str| {
        let request = json!({ "dossier": record["dossier"], "disclose": disclose });
        let proof = ledger_prove(ledger, &bytes(&request)).unwrap();
        assert_sound(&verify_proof(&proof, b"", 1_793_600_000_000, b"json").unwrap());
        String::from_utf8(verify_proof(&proof, b"", 1_793_600_000_000, b"en").unwrap()).unwrap()
    };
    let sees = |disclose: &str| {
        let text = shown(disclose);
        ["13900001234", "139****1234", "苏示例", "5000.00"].map(|value| text.contains(value))
    };
    assert_eq!(sees("all"), [true; 4]);
    assert_eq!(sees("for:customer"), [true; 4]);
    assert_eq!(sees("for:court"), [false, true, true, true], "a sensitive number is masked");
    assert!(!sees("for:regulator")[0] && !sees("for:partner")[0]);
    assert!(!sees("for:partner")[2], "a name is no other institution's");
    assert_eq!(sees("none"), [false; 4]);
    for wrong in ["for:", "for:neighbour", "for:Court", "court"] {
        let request = json!({ "dossier": record["dossier"], "disclose": wrong });
        assert_eq!(number(ledger_prove(ledger, &bytes(&request))), 101, "{wrong}");
    }
}
