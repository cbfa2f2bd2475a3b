//! A growing file read through memory: the only unsafe code of the project.
//!
//! The file is made unlinked in the store's directory, so it is nobody else's and is gone with the process.
//! Octets are appended by ordinary writes; readers see them through a shared read-only mapping, which
//! Linux keeps coherent with writes to the same file.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use memmap2::Mmap;

/// The least the mapping grows by, in octets. Address space only: pages exist once written.
const STEP: u64 = 16 << 20;

/// An append-only run of octets in an unlinked file.
#[derive(Debug)]
pub(super) struct Mapped {
    file: File,
    map: Option<Mmap>,
    capacity: u64,
    length: u64,
}

impl Mapped {
    /// An empty one, whose file is in `directory`.
    pub(super) fn new(directory: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(directory)?, map: None, capacity: 0, length: 0 })
    }

    /// Appends octets. On an error nothing of them is visible.
    pub(super) fn append(&mut self, octets: &[u8]) -> io::Result<()> {
        let end = self.length + octets.len() as u64;
        if end > self.capacity {
            let capacity = (end + STEP).max(self.capacity + self.capacity / 2);
            self.file.set_len(capacity)?;
            // SAFETY: the file is unlinked and private to this value, is never shortened, and the octets
            // below `length`, the only ones handed out, are never written again.
            self.map = Some(unsafe { Mmap::map(&self.file)? });
            self.capacity = capacity;
        }
        self.file.write_all_at(octets, self.length)?;
        self.length = end;
        Ok(())
    }

    /// Everything appended so far.
    pub(super) fn octets(&self) -> &[u8] {
        self.map.as_ref().map_or(&[], |map| &map[..self.length as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_appended_is_read_across_growth() {
        let directory = tempfile::tempdir().expect("directory");
        let mut mapped = Mapped::new(directory.path()).expect("file");
        assert_eq!(mapped.octets(), b"");
        let piece = vec![b'x'; 5 << 20];
        for round in 0..9u8 {
            mapped.append(&[round]).expect("space");
            mapped.append(&piece).expect("space");
        }
        assert_eq!(mapped.octets().len(), 9 * (piece.len() + 1));
        assert_eq!(mapped.octets()[piece.len() + 1], 1);
        assert_eq!(std::fs::read_dir(directory.path()).expect("directory").count(), 0);
    }
}
