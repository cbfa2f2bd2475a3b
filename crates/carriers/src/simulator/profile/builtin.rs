//! The profiles in the box, written in the language of any other.

/// Names and texts of the built-in profiles.
pub const BUILTIN: [(&str, &str); 5] = [
    ("plain", include_str!("builtin/plain.toml")),
    ("lossy", include_str!("builtin/lossy.toml")),
    ("hostile", include_str!("builtin/hostile.toml")),
    ("slow", include_str!("builtin/slow.toml")),
    ("swift", include_str!("builtin/swift.toml")),
];

/// The magic numbers.
pub(super) const MAGIC: &str = include_str!("builtin/magic.toml");
