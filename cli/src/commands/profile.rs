//! `yinzheng profile`: the dictionaries of records.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use yinzheng::hash::HashAlg;
use yinzheng::profile::{Disclose, Mask, Profile, builtin};
use yinzheng::value::FieldClass;

use crate::failure::Result;
use crate::output::{Done, Page, Pick, Screen, Span, Tone, span};
use crate::profiles;

/// What to do.
#[derive(Debug, Args)]
pub(crate) struct ProfileArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// All built-in profiles
    List,
    /// The fields and rules of one
    Show {
        /// Its id, or a file
        #[arg(value_name = "ID|FILE")]
        profile: String,
    },
    /// Check a profile file before it is published
    Check {
        /// The file
        file: PathBuf,
    },
}

/// Runs the command.
pub(crate) fn run(args: &ProfileArgs, screen: &Screen) -> Result<Done> {
    match &args.what {
        What::List => Ok(list(screen)),
        What::Show { profile } => Ok(show(&*profiles::named(profile)?, screen)),
        What::Check { file } => {
            let profile = profiles::of_file(file)?;
            let mut page = Page::new();
            page.spans(vec![span("✓ ", Tone::Good), screen.lang.pick("可用", "usable").into()]);
            summary(&mut page, &profile, screen);
            Ok(Done::fine(json_of(&profile), page))
        }
    }
}

fn list(screen: &Screen) -> Done {
    let lang = screen.lang;
    let mut rows: Vec<Vec<Span>> = Vec::new();
    for profile in builtin() {
        let phase = profile.phase().map_or_else(|| "–".to_owned(), |phase| phase.to_string());
        let counts = lang.pick(
            format!("{} 个字段，{} 条规则", profile.fields().len(), profile.rules().len()),
            format!("{} fields, {} rules", profile.fields().len(), profile.rules().len()),
        );
        rows.push(vec![
            phase.into(),
            profile.id().into(),
            profile.label(lang).into(),
            span(counts, Tone::Dim),
        ]);
    }
    let mut page = Page::new();
    page.table(0, rows);
    let json: Vec<Value> = builtin()
        .iter()
        .map(|profile| {
            json!({
                "id": profile.id(), "version": profile.version(), "phase": profile.phase(),
                "zh": profile.label(yinzheng::value::Lang::Zh), "en": profile.label(yinzheng::value::Lang::En),
                "fields": profile.fields().len(), "rules": profile.rules().len(),
            })
        })
        .collect();
    Done::fine(json!({ "profiles": json }), page)
}

fn summary(page: &mut Page, profile: &Profile, screen: &Screen) {
    let lang = screen.lang;
    page.table(
        2,
        vec![
            vec!["id".into(), profile.id().into()],
            vec![lang.pick("版本", "version").into(), profile.version().to_string().into()],
            vec![lang.pick("名称", "name").into(), profile.label(lang).into()],
            vec![
                "SHA-256".into(),
                yinzheng::hash::hex::encode(&profile.digest(HashAlg::Sha256).bytes).into(),
            ],
            vec![
                "SM3".into(),
                yinzheng::hash::hex::encode(&profile.digest(HashAlg::Sm3).bytes).into(),
            ],
            vec![lang.pick("字段", "fields").into(), profile.fields().len().to_string().into()],
            vec![lang.pick("规则", "rules").into(), profile.rules().len().to_string().into()],
        ],
    );
}

fn show(profile: &Profile, screen: &Screen) -> Done {
    let lang = screen.lang;
    let mut page = Page::new();
    page.line(span(profile.label(lang), Tone::Bold));
    summary(&mut page, profile, screen);
    page.heading(lang.pick("字段", "Fields"));
    let head = lang.pick(
        ["字段名", "名称", "级别", "必填", "默认出示", "报文键名"],
        ["name", "label", "class", "required", "disclosed", "message keys"],
    );
    let mut rows: Vec<Vec<Span>> = vec![head.iter().map(|name| span(*name, Tone::Dim)).collect()];
    for field in profile.fields() {
        let disclosed = match field.disclose {
            Disclose::Plain => lang.pick("原值", "plain"),
            Disclose::Masked => lang.pick("脱敏", "masked"),
            Disclose::Withheld => lang.pick("不出示", "withheld"),
        };
        let class = class(field.class);
        let sensitive = if field.sensitive { "*" } else { "" };
        rows.push(vec![
            field.name.clone().into(),
            field.label.get(lang).into(),
            format!("{class}{sensitive}").into(),
            if field.spec.required { lang.pick("是", "yes") } else { "" }.into(),
            disclosed.into(),
            span(field.keys.join(lang.pick("、", ", ")), Tone::Dim),
        ]);
    }
    page.table(2, rows);
    page.line(span(lang.pick("  * 敏感个人信息", "  * sensitive personal information"), Tone::Dim));
    if !profile.rules().is_empty() {
        page.heading(lang.pick("规则", "Rules"));
        let rows = profile.rules().iter().map(|rule| {
            vec![
                rule.id.clone().into(),
                rule.label.get(lang).into(),
                span(rule.basis.clone().unwrap_or_default(), Tone::Dim),
            ]
        });
        page.table(2, rows.collect());
    }
    Done::fine(json_of(profile), page)
}

fn json_of(profile: &Profile) -> Value {
    let fields: Vec<Value> = profile
        .fields()
        .iter()
        .map(|field| {
            json!({
                "name": field.name, "zh": field.label.zh, "en": field.label.en,
                "class": class(field.class), "required": field.spec.required,
                "sensitive": field.sensitive, "keys": field.keys,
                "masked": field.mask != Mask::None,
            })
        })
        .collect();
    let rules: Vec<Value> = profile
        .rules()
        .iter()
        .map(|rule| json!({"id": rule.id, "zh": rule.label.zh, "en": rule.label.en, "basis": rule.basis}))
        .collect();
    json!({
        "id": profile.id(), "version": profile.version(), "phase": profile.phase(),
        "sha256": yinzheng::hash::hex::encode(&profile.digest(HashAlg::Sha256).bytes),
        "sm3": yinzheng::hash::hex::encode(&profile.digest(HashAlg::Sm3).bytes),
        "fields": fields, "rules": rules,
    })
}

fn class(class: FieldClass) -> &'static str {
    match class {
        FieldClass::C1 => "C1",
        FieldClass::C2 => "C2",
        FieldClass::C3 => "C3",
    }
}
