use proptest::prelude::*;

use super::*;

fn any_changes() -> impl Strategy<Value = Changes> {
    let small = 0u8..4;
    let places = prop::collection::vec((small.clone(), 0u64..4, prop::option::of(0u64..9)), 0..3);
    let ids = prop::collection::vec((small.clone(), 0u64..9), 0..2);
    let held = prop::collection::vec((0u64..4, prop::option::of(small.clone())), 0..3);
    let outside = prop::collection::vec((any::<bool>(), 0u64..2), 0..2);
    let meta = prop::collection::vec((0usize..3, prop::option::of(small.clone())), 0..3);
    let numbers = (0u64..4, 0u64..3, prop::option::of(0u64..3), small);
    (places, ids, held, outside, meta, numbers).prop_map(
        |(places, ids, held, outside, meta, (count, skew, height, byte))| Changes {
            // Mostly right, sometimes one off: the caller puts the true position in place of 0.
            entries: entries(if skew == 2 { 1 } else { 0 }, count),
            places: places.into_iter().map(|(d, p, s)| place(d, p, s)).collect(),
            business_ids: ids.iter().map(|(id, sequence)| ([id + 7; 16], *sequence)).collect(),
            erased: ids.iter().filter(|_| skew == 1).map(|(_, sequence)| *sequence).collect(),
            vault: ids
                .iter()
                .map(|(id, sequence)| {
                    (*sequence, VaultRow { key: vec![*id], data: vec![byte; 20] })
                })
                .collect(),
            about: ids.iter().map(|(id, sequence)| ([id + 4; 32], *sequence)).collect(),
            profiles: vec![(digest(byte + 7), vec![byte])],
            held: held.into_iter().map(|(id, row)| (id, row.map(|byte| vec![byte]))).collect(),
            block: height.map(|height| block(height, height * 3, 3)),
            outside: outside
                .into_iter()
                .map(|(of_block, at)| {
                    let key = if of_block { OutsideKey::Block(at) } else { OutsideKey::Entry(at) };
                    (key, vec![byte; 3])
                })
                .collect(),
            meta: meta
                .into_iter()
                .map(|(name, value)| {
                    (["head", "pending", "genesis"][name], value.map(|byte| vec![byte]))
                })
                .collect(),
            begun: Vec::new(),
            expected: Vec::new(),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn both_drivers_agree_on_any_changes(
        script in prop::collection::vec((any_changes(), any::<bool>()), 1..12),
    ) {
        let [mut sqlite, mut memory] = Driver::both();
        for (mut changes, reopen) in script {
            if let Some((first, list)) = &mut changes.entries {
                let next = memory.store.next_sequence().unwrap() + *first;
                *list = entries(next, list.len() as u64).unwrap().1;
                *first = next;
            }
            let results = [&mut sqlite, &mut memory]
                .map(|driver| driver.store.apply(&changes).map_err(|error| error.code()));
            prop_assert_eq!(results[0], results[1]);
            if reopen {
                sqlite.reopen();
            }
            prop_assert_eq!(everything(&*sqlite.store), everything(&*memory.store));
        }
    }
}
