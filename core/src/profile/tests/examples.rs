//! The stories under `examples/` are read by the built-in profiles without a key left over, and their rules
//! hold: what we show works.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::*;
use crate::hash::TwinDigest;
use crate::value::{Attachment, Finding};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

struct Step {
    id: String,
    profile: &'static Profile,
    reading: MessageReading,
    cites: Vec<String>,
}

fn story(path: &Path) -> Vec<Step> {
    let json: Json =
        serde_json::from_slice(&std::fs::read(path.join("story.json")).unwrap()).unwrap();
    let text = |step: &Json, key: &str| step[key].as_str().unwrap().to_owned();
    let step = |step: &Json| {
        let id = text(step, "id");
        let profile = builtin_by_id(&text(step, "profile")).unwrap();
        let message = std::fs::read(path.join(text(step, "message"))).unwrap();
        let files = step["attachments"].as_object().into_iter().flatten().map(|(name, file)| {
            let title = file.as_str().unwrap().to_owned();
            let digest = TwinDigest::of(&std::fs::read(path.join(&title)).unwrap());
            (name.clone(), Attachment { media_type: "text/plain".to_owned(), digest, title })
        });
        let files: Vec<_> = files.collect();
        let reading =
            profile.read(&message, &files).unwrap_or_else(|e| panic!("{path:?} {id}: {e}"));
        let cites = step["cites"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|c| c.as_str().unwrap().to_owned())
            .collect();
        Step { id, profile, reading, cites }
    };
    json["steps"].as_array().unwrap().iter().map(step).collect()
}

fn stories() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut stories: Vec<_> = folders.filter(|path| path.join("story.json").is_file()).collect();
    stories.sort();
    stories
}

#[test]
fn every_message_is_understood() {
    let mut left = Vec::new();
    assert!(stories().len() >= 3);
    for path in stories() {
        for step in story(&path) {
            assert_eq!(step.reading.missing, Vec::<String>::new(), "{path:?} {}", step.id);
            left.extend(
                step.reading
                    .fields
                    .into_iter()
                    .map(|f| f.name)
                    .filter(|name| name.starts_with(OTHER)),
            );
        }
    }
    // One key is there to show that what no profile knows is kept all the same.
    assert_eq!(left, ["other.营销活动编号"]);
}

#[test]
fn the_stories_are_as_untidy_as_real_messages() {
    for path in stories() {
        let steps = story(&path);
        let found = |finding: Finding| {
            let fields = steps.iter().flat_map(|step| &step.reading.fields);
            fields.filter(|f| f.value.findings().contains(&finding)).count()
        };
        let refused = path.ends_with("refused-application");
        assert_eq!(found(Finding::CHECK_DIGIT) > 0, refused, "{path:?}");
        assert_eq!(found(Finding::UNKNOWN_CODE), 0, "{path:?}");
        assert_eq!(found(Finding::PATTERN), 0, "{path:?}");
        assert_eq!(found(Finding::EMPTY_REQUIRED), 0, "{path:?}");
        assert!(found(Finding::NO_ZONE) > 0, "{path:?}");
        if path.ends_with("credit-loan") {
            assert!(found(Finding::SURROUNDING_SPACES) > 0 && found(Finding::INNER_SPACES) > 0);
            assert!(found(Finding::NO_DATUM) > 0 && found(Finding::UNPARSED) > 0);
        }
    }
}

#[test]
fn every_rule_of_the_stories_holds() {
    let mut asked = 0;
    for path in stories() {
        let steps = story(&path);
        for step in &steps {
            let others: Vec<_> = steps
                .iter()
                .filter(|other| other.id != step.id)
                .map(|other| Other {
                    profile: other.profile.id(),
                    fields: Opened::all(&other.reading.fields),
                    cited: step.cites.contains(&other.id),
                })
                .collect();
            for outcome in
                evaluate(step.profile, &Opened::all(&step.reading.fields), &others, false)
            {
                asked += 1;
                let fine = matches!(
                    outcome.result,
                    RuleResult::Holds | RuleResult::NotDecidable(Why::NotOpen | Why::NoRecord)
                );
                assert!(fine, "{path:?} {}: {outcome:?}", step.id);
                if outcome.result != RuleResult::Holds {
                    println!("{path:?} {} {} {:?}", step.id, outcome.rule, outcome.result);
                }
            }
        }
    }
    assert!(asked > 60, "{asked}");
}
