/// A wheel.
pub struct Wheel {
    /// How wide.
    pub width: u32,
}
impl Wheel {
    /// Turns it.
    pub fn turn(&self) {}
}
/// A spoke.
pub struct Spoke;
/// What turns.
pub trait Turns {}
