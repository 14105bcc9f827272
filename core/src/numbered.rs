//! Enumerations whose numbers stand in the format: one table gives type, numbers and words.

macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident, $what:literal: $($(#[$item_doc:meta])* $variant:ident = $number:literal $text:literal,)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$item_doc])* $variant = $number,)* }

        impl $name {
            /// All values, ascending.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The value of a number.
            ///
            /// # Errors
            /// `OutOfRange` for a number that has no meaning.
            pub fn from_number(number: u64) -> $crate::Result<Self> {
                match number {
                    $($number => Ok($name::$variant),)*
                    _ => Err($crate::Error::new($crate::ErrorCode::OutOfRange, $what)),
                }
            }

            /// The number in the format.
            pub fn number(self) -> u64 {
                self as u64
            }

            /// The word used in files and output.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }
    };
}
pub(crate) use numbered;
