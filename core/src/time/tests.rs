use super::*;
use crate::hash::HashAlg;

fn full() -> TimeClaim {
    TimeClaim {
        occurred: Some(Moment {
            unix_ms: -1,
            offset_minutes: 480,
            original: Some("2026-11-01 08:00:00".into()),
        }),
        captured: Moment::new(1_793_500_000_000, 480),
        tier: Tier::Ntp,
        sync_age_ms: Some(0),
        uncertainty_ms: Some(250),
        monotonic_ms: Some(77),
        boot_id: Some([9; 16]),
        not_before: Some(NotBefore {
            kind: NotBeforeKind::Block,
            digest: Digest::of(HashAlg::Sm3, b"block"),
        }),
    }
}

fn encode(claim: &TimeClaim) -> Vec<u8> {
    let mut w = Writer::new();
    claim.write(&mut w);
    w.finish()
}

fn read(bytes: &[u8]) -> Result<TimeClaim> {
    TimeClaim::read(Item::parse(bytes, 1000)?)
}

#[test]
fn what_is_written_is_read_back() {
    for claim in [full(), TimeClaim::declared(0)] {
        assert_eq!(read(&encode(&claim)).unwrap(), claim);
    }
}

#[test]
fn tiers_are_ordered_and_complete() {
    for (number, tier) in Tier::ALL.into_iter().enumerate() {
        assert_eq!(Tier::from_number(number as u64).unwrap(), tier);
    }
    assert_eq!(Tier::from_number(7).unwrap_err().code(), ErrorCode::OutOfRange);
    assert!(Tier::Device < Tier::Tsa);
}

#[test]
fn offsets_and_texts_have_limits() {
    let mut claim = full();
    claim.captured.offset_minutes = 1440;
    assert_eq!(read(&encode(&claim)).unwrap_err().code(), ErrorCode::OutOfRange);
    for text in [String::new(), "x".repeat(65)] {
        let mut claim = full();
        claim.captured.original = Some(text);
        assert_eq!(read(&encode(&claim)).unwrap_err().code(), ErrorCode::OutOfRange);
    }
}

#[test]
fn broken_claims_are_refused() {
    let captured = |w: &mut Writer| {
        w.array(2).int(0).int(0);
    };
    let cases: Vec<(Vec<u8>, ErrorCode)> = vec![
        // no capture time
        (MapBuilder::new().put_uint(2, 0).finish(), ErrorCode::MissingKey),
        // no tier
        (
            MapBuilder::new()
                .put(1, |w| {
                    captured(w);
                    w
                })
                .finish(),
            ErrorCode::MissingKey,
        ),
        // unknown key
        (
            MapBuilder::new()
                .put(1, |w| {
                    captured(w);
                    w
                })
                .put_uint(2, 0)
                .put_uint(8, 0)
                .finish(),
            ErrorCode::UnknownCritical,
        ),
        // optional keys are for entries only
        (
            MapBuilder::new()
                .put(1, |w| {
                    captured(w);
                    w
                })
                .put_uint(2, 0)
                .put_uint(64, 0)
                .finish(),
            ErrorCode::UnknownCritical,
        ),
        // boot id of the wrong length
        (
            MapBuilder::new()
                .put(1, |w| {
                    captured(w);
                    w
                })
                .put_uint(2, 0)
                .put_bstr(6, &[0; 15])
                .finish(),
            ErrorCode::OutOfRange,
        ),
        // a moment with one element
        (
            MapBuilder::new().put(1, |w| w.array(1).int(0)).put_uint(2, 0).finish(),
            ErrorCode::WrongType,
        ),
        // a negative age
        (
            MapBuilder::new()
                .put(1, |w| {
                    captured(w);
                    w
                })
                .put_uint(2, 0)
                .put_int(3, -1)
                .finish(),
            ErrorCode::WrongType,
        ),
    ];
    for (index, (bytes, code)) in cases.into_iter().enumerate() {
        assert_eq!(read(&bytes).unwrap_err().code(), code, "case {index}");
    }
}
