use super::*;

#[test]
fn builder_sorts() {
    let built = MapBuilder::new()
        .put(-1, |w| w.uint(1))
        .put_uint(24, 2)
        .put(0, |w| w.array(1).null())
        .put_int(-70_000, -3)
        .put_text(65_535, "x")
        .put_bstr(23, &[9])
        .put_raw(256, &[0xa0])
        .put_opt(5, None::<u64>, |w, n| w.uint(n))
        .put_opt(6, Some(7), |w, n| w.uint(n));
    assert_eq!((built.len(), built.is_empty()), (8, false));
    let encoded = built.finish();
    let map = Item::parse(&encoded, 100).unwrap().map().unwrap();
    assert_eq!(map.keys().collect::<Vec<_>>(), [0, 6, 23, 24, 256, 65_535, -1, -70_000]);
    assert_eq!(map.need(-70_000).unwrap().int().unwrap(), -3);
    assert_eq!(map.need(6).unwrap().uint().unwrap(), 7);
    assert_eq!(map.get(0).unwrap().bytes(), [0x81, 0xf6]);
    assert!(map.get(5).is_none() && !map.has(5) && map.has(-1));
    for key in [1, 7, -2, 65_536, i64::MIN, i64::MAX] {
        assert_eq!(map.need(key).unwrap_err().code(), ErrorCode::MissingKey);
    }
    assert_eq!(map.len(), map.iter().count());
    assert_eq!(MapBuilder::new().finish(), [0xa0]);
}

#[test]
fn a_key_put_again_replaces() {
    let encoded = MapBuilder::new().put_uint(1, 1).put_uint(2, 2).put_text(1, "new").finish();
    let map = Item::parse(&encoded, 100).unwrap().map().unwrap();
    assert_eq!(map.len(), 2);
    assert_eq!(map.need(1).unwrap().text().unwrap(), "new");
}

#[test]
fn known_keys_only() {
    let encoded = MapBuilder::new().put_uint(0, 0).put_uint(70, 0).put_uint(-70_000, 0).finish();
    let map = Item::parse(&encoded, 100).unwrap().map().unwrap();
    map.only(&[0, 70, -70_000, 5]).unwrap();
    for known in [&[0, 70][..], &[70, -70_000], &[0, -70_000], &[]] {
        assert_eq!(map.only(known).unwrap_err().code(), ErrorCode::UnknownCritical);
    }
    assert_eq!(map.unknown_critical(&[0]), None);
    assert_eq!(map.unknown_critical(&[]), Some(0));
}

#[test]
fn what_is_critical() {
    for key in [64, 65_535, -65_537, i64::MIN] {
        assert!(is_optional(key), "{key}");
    }
    for key in [0, 1, 63, 65_536, i64::MAX, -1, -65_536] {
        assert!(!is_optional(key), "{key}");
    }
    let encoded =
        MapBuilder::new().put_uint(64, 0).put_uint(-65_536, 0).put_uint(-65_537, 0).finish();
    let map = Item::parse(&encoded, 100).unwrap().map().unwrap();
    assert_eq!(map.unknown_critical(&[]), Some(-65_536));
    assert_eq!(map.unknown_critical(&[-65_536]), None);
}

#[test]
fn reading_names_the_key() {
    let encoded = MapBuilder::new().put_uint(3, 9).finish();
    let map = Item::parse(&encoded, 100).unwrap().map().unwrap();
    assert_eq!(map.read(3, |v| v.uint()).unwrap(), 9);
    assert_eq!(map.read_opt(3, |v| v.uint()).unwrap(), Some(9));
    assert_eq!(map.read_opt(4, |v| v.uint()).unwrap(), None);
    let error = map.read(3, |v| v.text().map(str::len)).unwrap_err();
    assert_eq!(
        (error.code(), error.context().starts_with("key 3: ")),
        (ErrorCode::WrongType, true)
    );
    assert_eq!(map.read_opt(3, |v| v.bstr32()).unwrap_err().code(), ErrorCode::WrongType);
    assert_eq!(map.read(4, |v| v.uint()).unwrap_err().code(), ErrorCode::MissingKey);
    assert_eq!(map.single().unwrap().0, 3);
}

#[test]
fn single_pair() {
    for text in ["a0", "a200000100"] {
        let encoded = bytes(text);
        let map = Item::parse(&encoded, 100).unwrap().map().unwrap();
        assert_eq!(map.single().unwrap_err().code(), ErrorCode::WrongType);
    }
}
