//! A press.

/// Ink.
pub struct Ink;

/// Prints with ink, and says what a lifetime is.
pub fn print_all<'a, I, F>(sheets: I, ink: &'a Ink, told: F, copies: usize) -> Result<(), std::io::Error> where I: IntoIterator<Item = &'a str>, F: Fn(usize, usize) -> bool {
    Ok(())
}
