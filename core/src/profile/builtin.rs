//! The profiles that come with the library.

use std::sync::OnceLock;

use super::Profile;

macro_rules! files {
    ($($id:literal)*) => { &[$(include_bytes!(concat!("../../profiles/", $id, ".json")) as &[u8],)*] };
}

/// In the order of the steps of a matter; `generic` fits anything and comes last.
const FILES: &[&[u8]] = files! {
    "law.agreement" "identity.person" "identity.enterprise" "consent.authorization" "credit.query"
    "credit.decision" "loan.agreement" "will.signing" "will.drawdown" "loan.disbursement" "loan.repayment"
    "loan.overdue" "collection.notice" "matter.closed" "matter.dispute" "consent.withdrawal" "account.opening"
    "account.opening.result" "notice.delivery" "notice.preference" "evidence.custody" "generic"
};

/// Every profile that comes with the library, each in its newest version.
pub fn builtin() -> &'static [Profile] {
    static PROFILES: OnceLock<Vec<Profile>> = OnceLock::new();
    // A file that does not parse is found by the tests, which count them.
    PROFILES.get_or_init(|| FILES.iter().filter_map(|bytes| Profile::parse(bytes).ok()).collect())
}

/// The built-in profile of this id.
pub fn builtin_by_id(id: &str) -> Option<&'static Profile> {
    builtin().iter().find(|profile| profile.id() == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Check;

    #[test]
    fn every_file_parses() {
        for bytes in FILES {
            if let Err(error) = Profile::parse(bytes) {
                panic!("{error}");
            }
        }
        assert_eq!(builtin().len(), FILES.len());
        let mut ids: Vec<_> = builtin().iter().map(Profile::id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), FILES.len());
        assert!(builtin_by_id("generic").is_some());
        assert!(builtin_by_id("nothing").is_none());
    }

    #[test]
    fn every_file_in_the_folder_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/profiles");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            // groups.json holds what the files have in common; it is no profile.
            if let Some(id) = name.strip_suffix(".json").filter(|id| *id != "groups") {
                assert!(builtin_by_id(id).is_some(), "{name} is not in the list");
            }
        }
    }

    #[test]
    fn rules_about_other_profiles_name_what_those_have() {
        for profile in builtin() {
            for rule in profile.rules() {
                let (of, matching, that) = match &rule.check {
                    Check::After { of, matching, that, .. } => (of, matching, Some(that)),
                    Check::Requires { of, matching } => (of, matching, None),
                    _ => continue,
                };
                let other = builtin_by_id(of)
                    .unwrap_or_else(|| panic!("{} {}: no profile {of}", profile.id(), rule.id));
                for name in matching.iter().chain(that) {
                    assert!(
                        other.field(name).is_some(),
                        "{} {}: {of} has no {name}",
                        profile.id(),
                        rule.id
                    );
                }
            }
        }
    }
}
