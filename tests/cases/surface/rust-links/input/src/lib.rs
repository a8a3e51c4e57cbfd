//! Cogs.

/// Returns [`Broken`](CogError::Broken) or [the error](crate::CogError), as [`Cog::turn`] and [Cog] do,
/// like [its
/// sibling][other] or [a vector](std::vec::Vec); [`Cog`] has [optional] parts of type `[u8; 4]`, see
/// [page](struct.Cog.html#method.turn) and [the book](https://example.org/book).
///
/// # Examples
///
/// ```
/// let a = b[0](c);
/// ```
///
/// See [book].
///
/// [other]: crate::Cog
/// [book]: https://example.org/chapter
pub fn open() -> Result<(), CogError> { Ok(()) }

/// A cog.
pub struct Cog;
impl Cog {
    /// Turns, unlike [the error](super::CogError).
    pub fn turn(&self) {}
}
/// Errors of <code>Result<_, [Cog::Error](CogError)></code>, see [Cog].
pub enum CogError {
    /// Is broken.
    Broken,
}
