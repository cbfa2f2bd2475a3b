//! Columns grow by an eighth, not by doubling: a little more copying for much less room kept empty.

/// Appends a value; a full vector gets room for an eighth more.
pub(super) fn push<T>(values: &mut Vec<T>, value: T) {
    if values.len() == values.capacity() {
        values.reserve_exact(values.len() / 8 + 64);
    }
    values.push(value);
}

#[cfg(test)]
mod tests {
    #[test]
    fn little_room_is_kept_empty() {
        let mut values = Vec::new();
        for value in 0..100_000u32 {
            super::push(&mut values, value);
        }
        assert!(values.capacity() < 113_000, "{}", values.capacity());
        assert_eq!(values[99_999], 99_999);
    }
}
