//! Cogs.
mod inner;
pub use inner::Wheel as Rad;
pub use inner::Spoke;
pub use inner::Spoke as Bar;
pub use inner::Turns as _;

/// Checks it.
#[macro_export]
macro_rules! check {
    ($x:expr) => {};
}
pub use check as verify;

wrapped![
    /// Ensures it.
    #[macro_export]
    macro_rules! ensure {
        ($x:expr) => {};
    }
];

/// As documentation shows it.
#[cfg(doc)]
pub fn platform(at: &str) {}

/// As it is.
#[cfg(not(doc))]
pub fn platform(at: u32, really: bool) {}
