//! Cogs.
mod inner;
pub use inner::Wheel as Rad;
pub use inner::Spoke;
pub use inner::Spoke as Bar;
pub use inner::Turns as _;
