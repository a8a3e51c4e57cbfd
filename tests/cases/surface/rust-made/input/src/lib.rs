//! Names that macros make.

macro_rules! handler {
    ($name:ident, $method:ident) => {
        #[doc = concat!("Routes `", stringify!($method), "` requests.")]
        ///
        /// At most one.
        pub fn $name<H>(handler: H) -> Router { Router }
    };
}

handler!(get, GET);
handler!(post, POST);

/// A router.
pub struct Router;

macro_rules! conversions {
    ($(#[doc = $doc:tt] $into:ident -> $ty:ty,)*) => {
        impl Router {
            $(
                #[doc = $doc]
                pub fn $into(&self) -> Option<$ty> {
                    None
                }
            )*
        }
    };
}

conversions![
    #[doc = "As a number."]
    to_u64 -> u64,
    #[doc = "As words."]
    to_words -> Vec<(String, u8)>,
];

macro_rules! rejections {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($inner:ident),+ $(,)? } $($rest:tt)*) => {
        $(#[$meta])*
        $vis struct $name;
        impl $name {
            /// Makes it.
            pub fn new() -> Self { $name }
        }
        rejections! { $($rest)* }
    };
    () => {};
}

rejections! {
    /// The body was refused.
    pub struct BodyRejection { A, B }

    /// The path was refused.
    pub struct PathRejection { C, }
}

macro_rules! quiet {
    ($name:ident) => { fn $name() {} };
}
quiet!(hidden);
