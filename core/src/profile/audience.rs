//! Who a proof is for, and how much of each field that reader is shown unless told otherwise. It follows from what the
//! profile says of a field already, see `docs/privacy.md`.

use core::fmt;
use core::str::FromStr;

use super::document::Disclose;
use super::mask::Mask;
use super::{FieldSpec, MASKED, Profile, TITLE};
use crate::value::FieldClass;
use crate::{Error, ErrorCode, Result};

/// A kind of reader that a proof is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// A court, an arbitration body or a notary: everything in full but sensitive values, which are shown masked, if at all.
    Court,
    /// A supervisor: what the profile shows in full; of everything else the masked form where there is one.
    Regulator,
    /// The person or firm that the record is about: everything.
    Customer,
    /// Another institution: internal (C1) values that the profile shows in full, and the masked form of what it shows masked.
    Partner,
}

/// How much of a value is shown; less stands before more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Nothing,
    Masked,
    Full,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Self; 4] = [Self::Court, Self::Regulator, Self::Customer, Self::Partner];

    /// The word for it: `court`, `regulator`, `customer`, `partner`.
    pub fn name(self) -> &'static str {
        match self {
            Audience::Court => "court",
            Audience::Regulator => "regulator",
            Audience::Customer => "customer",
            Audience::Partner => "partner",
        }
    }

    fn part(self, field: &FieldSpec) -> Part {
        let masked = if field.mask == Mask::None { Part::Nothing } else { Part::Masked };
        match (self, field.disclose) {
            (Audience::Customer, _) => Part::Full,
            (Audience::Court, _) if !field.sensitive => Part::Full,
            (Audience::Court, _) => masked,
            (Audience::Regulator, Disclose::Plain) => Part::Full,
            (Audience::Regulator, _) => masked,
            (Audience::Partner, Disclose::Plain) if field.class == FieldClass::C1 => Part::Full,
            (Audience::Partner, Disclose::Masked) => masked,
            (Audience::Partner, _) => Part::Nothing,
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Audience {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|audience| audience.name() == text).ok_or_else(|| {
            Error::new(
                ErrorCode::InvalidArgument,
                "an audience: court, regulator, customer, partner",
            )
        })
    }
}

impl Profile {
    /// Whether the value under a record's field name, masked forms and titles included, is shown to an audience. Where two fields
    /// may hold the same value (`shares`), neither shows more than the other. What the profile does not know is shown to the
    /// customer only.
    pub fn shows_to(&self, audience: Audience, name: &str) -> bool {
        if audience == Audience::Customer {
            return true;
        }
        let masked = name.strip_suffix(MASKED);
        let known = |name| self.field(name);
        let field = known(masked.unwrap_or(name))
            .or_else(|| known(name.strip_suffix(TITLE)?).filter(|_| masked.is_none()));
        let Some(field) = field else { return false };
        let wanted = if masked.is_some() { Part::Masked } else { Part::Full };
        let part = self
            .fields()
            .iter()
            .filter(|other| {
                other.shares.contains(&field.name) || field.shares.contains(&other.name)
            })
            .map(|other| audience.part(other))
            .fold(audience.part(field), Part::min);
        part == wanted
    }
}
