//! `include/yinzheng.h` is what cbindgen makes of this crate, and `abi/symbols.txt` lists what it declares.
//!
//! After a change: `YZ_WRITE_HEADER=1 cargo test -p yinzheng-ffi --test header`, then look at the difference.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use yinzheng::ErrorCode;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn file(path: &str) -> String {
    std::fs::read_to_string(here(path)).unwrap_or_default()
}

fn config() -> cbindgen::Config {
    let renamed = [
        ("Buffer", "yz_buffer"),
        ("Slice", "yz_slice"),
        ("Error", "yz_error"),
        ("Handle", "yz_handle"),
    ];
    let defines = [("feature = store", "YZ_WITH_STORE"), ("feature = seal", "YZ_WITH_SEAL")];
    let own =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
    let mut config = cbindgen::Config {
        language: cbindgen::Language::C,
        cpp_compat: true,
        include_guard: Some("YINZHENG_H".into()),
        no_includes: true,
        sys_includes: vec!["stddef.h".into(), "stdint.h".into()],
        header: Some(file("include/conventions.txt").trim_end().into()),
        after_includes: Some(constants()),
        documentation_style: cbindgen::DocumentationStyle::C,
        style: cbindgen::Style::Both,
        usize_is_size_t: true,
        line_length: 110,
        defines: own(&defines),
        ..cbindgen::Config::default()
    };
    config.export.rename = own(&renamed);
    config.export.exclude = vec!["yz_test_panic".into()];
    config.function.sort_by = Some(cbindgen::SortKey::None);
    config
}

/// Version numbers, and the error table.
fn constants() -> String {
    let part = |part: &str| part.parse::<u32>().unwrap();
    let (major, minor) =
        (part(env!("CARGO_PKG_VERSION_MAJOR")), part(env!("CARGO_PKG_VERSION_MINOR")));
    let mut out = format!(
        "\n/* Version of the library that this header belongs to. */\n#define YZ_VERSION \"{}\"\n\
         /* What the function yz_abi_version gives. */\n#define YZ_ABI_VERSION {}u\n\n\
         /* Errors: 1xx argument, 2xx handle or state, 3xx format, 4xx cryptography, 5xx ledger, 6xx storage, 9xx internal. */\n\
         enum yz_error_number {{\n  YZ_OK = 0,\n",
        env!("CARGO_PKG_VERSION"),
        major << 16 | minor,
    );
    for code in ErrorCode::ALL {
        let last = if Some(code) == ErrorCode::ALL.last() { "" } else { "," };
        writeln!(out, "  /* {}. {}. */", code.message(), code.advice()).unwrap();
        writeln!(out, "  YZ_{} = {}{last}", shouted(code.name()), code.number()).unwrap();
    }
    out.push_str("};\n");
    out
}

/// `HeadMismatch` as `HEAD_MISMATCH`.
fn shouted(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

const STORE: &str = "#if !defined(YZ_WITHOUT_STORE) && !defined(YZ_WITHOUT_SEAL)";
const SEAL: &str = "#if !defined(YZ_WITHOUT_SEAL)";

fn generated() -> String {
    let mut bytes = Vec::new();
    cbindgen::Builder::new()
        .with_crate(here(""))
        .with_config(config())
        .generate()
        .expect("cbindgen")
        .write(&mut bytes);
    // Programs see everything unless they say otherwise.
    String::from_utf8(bytes)
        .unwrap()
        .replace("#if defined(YZ_WITH_STORE)", STORE)
        .replace("#if defined(YZ_WITH_SEAL)", SEAL)
        .replace(&format!("#endif\n\n{STORE}\n"), "\n")
        .replace(&format!("#endif\n\n{SEAL}\n"), "\n")
}

fn functions(header: &str) -> BTreeSet<String> {
    let names = header.split("yz_").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        (rest.as_bytes().get(end) == Some(&b'('))
            .then(|| format!("yz_{}", rest.get(..end).unwrap()))
    });
    names.filter(|name| header.contains(&format!(" {name}("))).collect()
}

#[test]
fn header_and_symbols_are_those_of_the_code() {
    let header = generated();
    let symbols: String = functions(&header).iter().map(|name| format!("{name}\n")).collect();
    if std::env::var_os("YZ_WRITE_HEADER").is_some() {
        std::fs::write(here("include/yinzheng.h"), &header).unwrap();
        std::fs::write(here("abi/symbols.txt"), &symbols).unwrap();
    }
    for (path, made) in [("include/yinzheng.h", &header), ("abi/symbols.txt", &symbols)] {
        let stored = file(path);
        let different = stored.lines().zip(made.lines()).position(|(a, b)| a != b);
        assert!(
            stored == **made,
            "{path} is not what the code says, first in line {different:?} (counted from 0)"
        );
    }
}

#[test]
fn every_function_says_what_it_gives_its_errors_and_its_threads() {
    let header = generated();
    for name in functions(&header) {
        let at = header.find(&format!(" {name}(")).unwrap();
        let comment = header.get(..at).unwrap().rsplit("/*").next().unwrap();
        assert!(comment.contains("Threads: "), "{name}");
        let declaration = header.get(at..).unwrap().split(';').next().unwrap();
        assert_eq!(comment.contains("Errors: "), declaration.contains("yz_error *error"), "{name}");
        let outs = declaration.split('(').nth(1).unwrap().split(',').filter(|parameter| {
            parameter.contains('*')
                && !parameter.contains("const ")
                && !parameter.contains("yz_error")
        });
        // What yz_buffer_free takes is no out.
        let expected = outs.count() > 0 && name != "yz_buffer_free";
        assert_eq!(comment.contains("Gives: "), expected, "{name}");
    }
}
