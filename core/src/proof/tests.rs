use super::*;
#[test]
fn nothing_is_no_proof() {
    assert!(Proof::parse(b"").is_err());
}
