//! A column of small numbers that widens when a value no longer fits.

use super::growth::push;

/// One value a position; one, two or four octets each, whatever the largest value needs.
#[derive(Clone, Debug)]
pub enum Column {
    /// Values below 2^8.
    One(Vec<u8>),
    /// Values below 2^16.
    Two(Vec<u16>),
    /// Any value.
    Four(Vec<u32>),
}

impl Default for Column {
    fn default() -> Self {
        Self::One(Vec::new())
    }
}

impl Column {
    /// Appends a value.
    pub fn push(&mut self, value: u32) {
        self.fit(value);
        match self {
            Self::One(values) => push(values, value as u8),
            Self::Two(values) => push(values, value as u16),
            Self::Four(values) => push(values, value),
        }
    }

    fn fit(&mut self, value: u32) {
        if let Self::One(values) = self
            && value > u32::from(u8::MAX)
        {
            let mut wider = Vec::with_capacity(values.capacity());
            wider.extend(values.iter().map(|value| u16::from(*value)));
            *self = Self::Two(wider);
        }
        if let Self::Two(values) = self
            && value > u32::from(u16::MAX)
        {
            let mut wider = Vec::with_capacity(values.capacity());
            wider.extend(values.iter().map(|value| u32::from(*value)));
            *self = Self::Four(wider);
        }
    }

    /// Makes room for so many more values, however wide they become.
    pub fn reserve(&mut self, more: usize) {
        match self {
            Self::One(values) => values.reserve_exact(more),
            Self::Two(values) => values.reserve_exact(more),
            Self::Four(values) => values.reserve_exact(more),
        }
    }

    /// The value at an index.
    pub fn get(&self, index: u32) -> u32 {
        match self {
            Self::One(values) => values[index as usize].into(),
            Self::Two(values) => values[index as usize].into(),
            Self::Four(values) => values[index as usize],
        }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            Self::One(values) => values.len(),
            Self::Two(values) => values.len(),
            Self::Four(values) => values.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Drops all values from `index` on and returns them.
    pub fn split_off(&mut self, index: u32) -> Vec<u32> {
        match self {
            Self::One(values) => values.split_off(index as usize).into_iter().map(u32::from).collect(),
            Self::Two(values) => values.split_off(index as usize).into_iter().map(u32::from).collect(),
            Self::Four(values) => values.split_off(index as usize),
        }
    }

    /// The indexes in `from..to` that hold `value`, rising.
    pub fn positions_of(&self, value: u32, from: u32, to: u32) -> Vec<u32> {
        fn scan<T: Copy + PartialEq>(values: &[T], value: T, from: u32, to: u32) -> Vec<u32> {
            const STRIDE: usize = 256;
            let mut found = Vec::new();
            let to = (to as usize).min(values.len());
            let from = (from as usize).min(to);
            // Stretches without a hit are passed over by a comparison that compiles to wide instructions.
            for (block, stretch) in values[from..to].chunks(STRIDE).enumerate() {
                if stretch.iter().fold(false, |any, held| any | (*held == value)) {
                    let base = from + block * STRIDE;
                    let hits = stretch.iter().enumerate().filter(|(_, held)| **held == value);
                    found.extend(hits.map(|(offset, _)| (base + offset) as u32));
                }
            }
            found
        }
        match self {
            Self::One(values) => {
                u8::try_from(value).map_or(Vec::new(), |value| scan(values, value, from, to))
            }
            Self::Two(values) => {
                u16::try_from(value).map_or(Vec::new(), |value| scan(values, value, from, to))
            }
            Self::Four(values) => scan(values, value, from, to),
        }
    }

    /// Octets of memory held.
    pub fn memory(&self) -> usize {
        match self {
            Self::One(values) => values.capacity(),
            Self::Two(values) => values.capacity() * 2,
            Self::Four(values) => values.capacity() * 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_widens_and_keeps_what_it_held() {
        let mut column = Column::default();
        let values = [0, 255, 7, 256, 65_535, 7, 65_536, u32::MAX, 7];
        for value in values {
            column.push(value);
        }
        assert!(matches!(column, Column::Four(_)));
        assert_eq!((0..9).map(|i| column.get(i)).collect::<Vec<_>>(), values);
        assert_eq!(column.positions_of(7, 0, 9), [2, 5, 8]);
        assert_eq!(column.positions_of(7, 3, 8), [5]);
        assert_eq!(column.split_off(6), [65_536, u32::MAX, 7]);
        assert_eq!(column.len(), 6);
        assert_eq!(Column::default().positions_of(300, 0, 10), Vec::<u32>::new());
    }
}
