use super::*;
use crate::hash::HashAlg;
use crate::value::Value;

fn disclosures() -> Vec<Vec<u8>> {
    let make = |name: &str| {
        Disclosure { salt: [1; 16], value: Value::Text("甲".into()), name: name.into() }.encode()
    };
    vec![make("a"), make("b")]
}

fn vault(suite: VaultSuite, seed: u8) -> Vault {
    Vault::new(&VaultKey::from_slice(suite, &vec![seed; suite.key_len()]).unwrap())
}

fn opened(vault: &Vault, record: &Digest, row: &VaultRow) -> Vec<Vec<u8>> {
    vault.open(record, row).unwrap().iter().map(Disclosure::encode).collect()
}

#[test]
fn what_is_put_in_comes_out() {
    for suite in VaultSuite::ALL {
        let record = Digest::of(HashAlg::Sm3, b"record");
        let row = vault(*suite, 1).seal(&record, &disclosures(), &mut Random::system()).unwrap();
        assert_eq!(opened(&vault(*suite, 1), &record, &row), disclosures());
    }
}

#[test]
fn wrong_keys_swapped_rows_and_changed_bytes_are_told_apart() {
    for suite in VaultSuite::ALL {
        let vault = |seed| vault(*suite, seed);
        let (one, two) = (Digest::of(HashAlg::Sha256, b"1"), Digest::of(HashAlg::Sha256, b"2"));
        let mut random = Random::system();
        let row = vault(1).seal(&one, &disclosures(), &mut random).unwrap();
        let other = vault(1).seal(&two, &disclosures(), &mut random).unwrap();
        let code = |vault: &Vault, record: &Digest, row: &VaultRow| {
            vault.open(record, row).unwrap_err().code()
        };
        assert_eq!(code(&vault(2), &one, &row), ErrorCode::WrongVaultKey);
        assert_eq!(code(&vault(1), &one, &other), ErrorCode::WrongVaultKey, "swapped rows");
        let mixed = VaultRow { key: row.key.clone(), data: other.data.clone() };
        assert_eq!(code(&vault(1), &one, &mixed), ErrorCode::Damaged, "swapped data");
        let same_digits = Digest { alg: HashAlg::Sm3, bytes: one.bytes };
        assert_eq!(code(&vault(1), &same_digits, &row), ErrorCode::WrongVaultKey, "another hash");
        for cut in 0..row.key.len() {
            let short = VaultRow { key: row.key[..cut].to_vec(), data: row.data.clone() };
            assert_eq!(code(&vault(1), &one, &short), ErrorCode::WrongVaultKey, "key cut at {cut}");
        }
        for at in 0..row.key.len() {
            let mut changed = row.clone();
            changed.key[at] ^= 1;
            assert_eq!(code(&vault(1), &one, &changed), ErrorCode::WrongVaultKey, "key byte {at}");
        }
        for at in 0..row.data.len() {
            let mut changed = row.clone();
            changed.data[at] ^= 1;
            assert_eq!(code(&vault(1), &one, &changed), ErrorCode::Damaged, "data byte {at}");
        }
    }
}

#[test]
fn a_row_moves_to_another_vault_key_and_not_back() {
    let (mut old, new) = (vault(VaultSuite::Aes256Gcm, 1), vault(VaultSuite::Sm4Gcm, 2));
    let record = Digest::of(HashAlg::Sha256, b"1");
    let row = old.seal(&record, &disclosures(), &mut Random::system()).unwrap();
    let moved = old.rewrap(&record, &row, &new, &mut Random::system()).unwrap();
    assert!(old.wrapped(&row.key) && new.wrapped(&moved.key) && !old.wrapped(&moved.key));
    assert_eq!(opened(&new, &record, &moved), disclosures());
    assert_eq!(old.open(&record, &moved).unwrap_err().code(), ErrorCode::WrongVaultKey);
    assert_eq!(moved.data, row.data, "values are not encrypted again");
}

#[test]
fn keys_are_not_printed_and_have_their_suites_length() {
    assert_eq!(format!("{:?}", VaultKey::from_bytes([0x55; 32])), "VaultKey(redacted)");
    for (suite, len) in
        [(VaultSuite::Aes256Gcm, 16), (VaultSuite::Sm4Gcm, 32), (VaultSuite::Sm4Gcm, 0)]
    {
        assert_eq!(
            VaultKey::from_slice(suite, &vec![0; len]).unwrap_err().code(),
            ErrorCode::InvalidKey
        );
    }
    assert_ne!(VaultKey::generate().unwrap().id(), VaultKey::generate().unwrap().id());
}
