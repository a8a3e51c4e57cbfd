//! Crates.
/// One.
pub fn one() {}
