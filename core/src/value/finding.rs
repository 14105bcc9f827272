//! Findings: what was odd about a value when it was captured. They are sealed with the value and never
//! block it. The same table, word for word, is the data file `core/data/findings.json`.

use core::fmt;

use super::Lang;

/// One finding, by its fixed number (1 to 65,535).
///
/// A number that this version does not know is kept and shown as a number: a finding never changes what
/// the value is, so a later library may add some without stopping an earlier reader.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding(u16);

macro_rules! findings {
    ($($number:literal $name:ident $id:literal $zh:literal $en:literal;)*) => {
        impl Finding {
            $(#[doc = $en] pub const $name: Finding = Finding($number);)*

            /// Every finding this version knows, ascending.
            pub const ALL: &'static [Finding] = &[$(Finding::$name,)*];

            /// The fixed word for programs, or `None` for a number this version does not know.
            pub fn id(self) -> Option<&'static str> {
                match self.0 { $($number => Some($id),)* _ => None }
            }

            fn words(self) -> Option<(&'static str, &'static str)> {
                match self.0 { $($number => Some(($zh, $en)),)* _ => None }
            }
        }
    };
}

findings! {
    1 UNPARSED "unparsed" "无法按该类型解析，仅保留原文" "could not be read as its type; only the original text is kept";
    2 CHECK_DIGIT "check-digit" "校验位不符" "the check digit does not fit";
    3 SURROUNDING_SPACES "surrounding-spaces" "首尾有空格" "spaces before or after it";
    4 INNER_SPACES "inner-spaces" "中间有多余空格" "spaces inside it";
    5 NO_ZONE "no-zone" "未带时区，按场景模板的默认时区理解" "no time zone; the profile's default was assumed";
    6 NO_DATUM "no-datum" "未注明坐标系" "no geodetic datum";
    7 OUT_OF_RANGE "out-of-range" "超出取值范围" "outside the expected range";
    8 UNKNOWN_CODE "unknown-code" "不在代码表内" "not in the list of codes";
    9 PATTERN "pattern" "格式不符" "not in the expected form";
    10 INVISIBLE "invisible" "含不可见字符或双向控制字符" "invisible or bidirectional control characters";
    11 FULL_WIDTH "full-width" "含全角字符" "full-width characters";
    12 DAY_ONLY "day-only" "只有日，没有年月" "a day without month and year";
    13 EMPTY_REQUIRED "empty-required" "必填项为空" "empty, though required";
    14 INVALID_DATE "invalid-date" "日历上没有这一天" "not a date of the calendar";
    15 PRECISION "precision" "精度超出该类型，以原文为准" "more digits than the type holds; see the original text";
    16 DATE_ONLY "date-only" "只有日期，时刻未知" "a date without time of day";
}

impl Finding {
    /// The finding with this number; `None` for 0.
    pub fn from_number(number: u16) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// The fixed number.
    pub fn number(self) -> u16 {
        self.0
    }

    /// The finding in words for people.
    pub fn label(self, lang: Lang) -> String {
        match (self.words(), lang) {
            (Some((zh, _)), Lang::Zh) => zh.to_owned(),
            (Some((_, en)), Lang::En) => en.to_owned(),
            (None, Lang::Zh) => format!("第 {} 号提示（本版本不识别）", self.0),
            (None, Lang::En) => format!("finding {} (not known to this version)", self.0),
        }
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id() {
            Some(id) => f.write_str(id),
            None => write!(f, "finding {}", self.0),
        }
    }
}
