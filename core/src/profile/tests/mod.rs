//! Tests of profiles. All personal data is synthetic.

mod examples;

use super::*;
