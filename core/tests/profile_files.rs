//! The profile files say one thing with one name: shared fields are those of `groups.json`, a name means the
//! same in every file, a code system has one table, and everything has a label in both languages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

fn files() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap())
        })
        .collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

/// A field without what each profile may choose for itself.
fn bare(field: &Value) -> Value {
    let mut field = field.clone();
    field.as_object_mut().unwrap().shift_remove("required");
    field
}

/// Every field of every profile, with the file it stands in.
fn fields(files: &[(String, Value)]) -> Vec<(&str, &Value)> {
    files
        .iter()
        .filter(|(name, _)| name != "groups")
        .flat_map(|(name, file)| {
            file["fields"].as_array().unwrap().iter().map(move |f| (name.as_str(), f))
        })
        .collect()
}

#[test]
fn shared_fields_are_those_of_the_groups() {
    let files = files();
    let groups = &files.iter().find(|(name, _)| name == "groups").unwrap().1;
    let mut authority = BTreeMap::new();
    for group in groups["groups"].as_array().unwrap() {
        for field in group["fields"].as_array().unwrap() {
            assert_eq!(field["group"], group["group"]);
            assert_eq!(field, &bare(field), "groups.json does not say what is required");
            assert!(authority.insert(field["name"].as_str().unwrap(), field).is_none());
        }
    }
    let mut used = 0;
    for (file, field) in fields(&files) {
        let name = field["name"].as_str().unwrap();
        match authority.get(name) {
            Some(shared) => {
                assert_eq!(&bare(field), *shared, "{file}: {name}");
                used += 1;
            }
            None => assert!(field.get("group").is_none(), "{file}: {name} claims a group"),
        }
    }
    assert!(used > 100);
}

#[test]
fn one_name_means_one_thing() {
    let files = files();
    let (mut meanings, mut tables) = (BTreeMap::new(), BTreeMap::new());
    for (file, field) in fields(&files) {
        let name = field["name"].as_str().unwrap();
        let field = bare(field);
        if let (Some(system), Some(codes)) = (field.get("system"), field.get("codes")) {
            let table = tables.entry(system.to_string()).or_insert_with(|| codes.clone());
            assert_eq!(table, codes, "{file}: {name}: two tables for {system}");
        }
        let meaning = meanings.entry(name.to_owned()).or_insert_with(|| field.clone());
        assert_eq!(meaning, &field, "{file}: {name}");
    }
}

#[test]
fn everything_has_a_label_in_both_languages() {
    fn look(at: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    if matches!(key.as_str(), "zh" | "en") {
                        assert!(!value.as_str().unwrap().trim().is_empty(), "{at}: empty {key}");
                    }
                    look(at, value);
                }
                assert_eq!(members.contains_key("zh"), members.contains_key("en"), "{at}");
            }
            Value::Array(items) => items.iter().for_each(|item| look(at, item)),
            _ => {}
        }
    }
    for (name, file) in files() {
        look(&name, &file);
        if name != "groups" {
            assert_eq!(file["profile"], name.as_str(), "the file is named after the profile");
            for rule in file["rules"].as_array().unwrap() {
                assert!(
                    rule["basis"].as_str().is_some_and(|basis| !basis.is_empty()),
                    "{name}: {rule}"
                );
            }
        }
    }
}
