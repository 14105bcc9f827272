//! Chinese and English, and help.

use super::*;

fn chinese(text: &str) -> usize {
    text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count()
}

#[test]
fn the_locale_or_the_flag_says_the_language() {
    let place = Place::new().with("LC_ALL", "zh_CN.UTF-8");
    let run = place.run(&["seal", &example("refused-application"), "--out", "out"]);
    for said in [
        "真实性",
        "关联性",
        "合法性",
        "保全号",
        "对方签署",
        "自证",
        "软件密钥",
        "已核验完整性与来源",
        "证据等级与提升办法",
    ] {
        assert!(run.out.contains(said), "{said}: {}", run.out);
    }
    for english in ["PROVEN", "Authenticity", "sealer's own word", "declared", "software。"] {
        assert!(!run.out.contains(english), "{english}: {}", run.out);
    }
    let en = place.ok(&["verify", "out/dossier.yzp", "--lang", "en"]);
    assert!(
        en.contains("integrity only, origin not checked") && en.contains("Authenticity"),
        "{en}"
    );
    let zh = place.ok(&["verify", "out/dossier.yzp"]);
    assert!(zh.contains("只核验了完整性，未核验来源"), "{zh}");
    let list = place.ok(&["list", "keys", "--ledger", "out/ledgers/bank.db"]);
    assert!(list.contains("客户") && list.contains("有效"), "{list}");
}

#[test]
fn failures_speak_both_languages() {
    let place = Place::new();
    place.write("m.json", r#"{"payPassword":"1"}"#);
    for args in [
        vec!["seal", "m.json"],
        vec!["verify", "none.yzp"],
        vec!["show", "R-1"],
        vec!["check", "--ledger", "none.db"],
        vec!["profile", "show", "x"],
    ] {
        let with = |lang: &'static str| {
            let args: Vec<&str> = args.iter().copied().chain(["--lang", lang]).collect();
            place.run(&args).err
        };
        assert!(chinese(&with("zh")) > 6, "{args:?}: {}", with("zh"));
        assert!(chinese(&with("en")) <= 4, "{args:?}: {}", with("en"));
    }
}

#[test]
fn help_tells_every_command_and_exit_code() {
    let place = Place::new();
    let help = place.ok(&["--help"]);
    for name in [
        "seal",
        "prove",
        "verify",
        "list",
        "show",
        "check",
        "export",
        "import",
        "keygen",
        "profile",
        "completions",
    ] {
        assert!(help.contains(name), "{name}");
        let own = place.ok(&[name, "--help"]);
        assert!(own.contains("Usage: yinzheng"), "{name}: {own}");
    }
    assert!(help.contains("Exit codes"));
    assert_eq!(place.run(&[]).code, 2);
    assert_eq!(place.run(&["no-such-command"]).code, 2);
    assert!(place.ok(&["--version"]).starts_with("yinzheng "));
}

#[test]
fn no_colour_and_no_bar_where_nobody_looks() {
    let (_, run) = Place::sealed("refused-application");
    assert!(!run.out.contains('\u{1b}'));
    assert!(run.err.is_empty(), "{}", run.err);
}
