//! Settings that a file may name in part.

/// Declares settings and their overlay together, so that no field can be in one and not in the other. The
/// overlay is what a file says; [`over`](behaviour::Overlay::over) keeps what it does not name.
macro_rules! overlaid {
    (
        $(#[$about:meta])* $name:ident,
        $(#[$default_about:meta])* default,
        overlay $overlay:ident,
        $($(#[$doc:meta])* $field:ident: $kind:ty = $default:expr,)*
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$doc])* pub $field: $kind,)*
        }

        impl Default for $name {
            $(#[$default_about])*
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        #[doc = concat!("The keys of a [`", stringify!($name), "`] that a file names; the others keep what they were.")]
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $overlay {
            $(
                #[doc = concat!("Replaces [`", stringify!($name), "::", stringify!($field), "`].")]
                pub $field: Option<$kind>,
            )*
        }

        impl $overlay {
            /// `base` with the keys named here.
            pub fn over(&self, base: &$name) -> $name {
                $name { $($field: self.$field.clone().unwrap_or_else(|| base.$field.clone()),)* }
            }
        }
    };
}

pub(super) use overlaid;
