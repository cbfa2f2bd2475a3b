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

/// An append-only run of octets in an unlinked file; in memory from the moment on at which the file cannot
/// grow, because a full disk is no reason not to read.
#[derive(Debug)]
pub(super) struct Mapped {
    place: Place,
    length: usize,
}

#[derive(Debug)]
enum Place {
    File(Mapping),
    Memory(Vec<u8>),
}

#[derive(Debug)]
struct Mapping {
    file: File,
    map: Option<Mmap>,
    capacity: u64,
}

impl Mapping {
    /// Appends octets behind `length` others. On an error nothing of them is visible.
    fn append(&mut self, octets: &[u8], length: usize) -> io::Result<()> {
        let (begin, end) = (length as u64, (length + octets.len()) as u64);
        if end > self.capacity {
            let capacity = (end + STEP).max(self.capacity + self.capacity / 2);
            self.file.set_len(capacity)?;
            // SAFETY: the file is unlinked and private to this value, is never shortened, and the octets
            // below the length, the only ones handed out, are never written again.
            self.map = Some(unsafe { Mmap::map(&self.file)? });
            self.capacity = capacity;
        }
        self.file.write_all_at(octets, begin)
    }

    fn octets(&self, length: usize) -> &[u8] {
        self.map.as_ref().map_or(&[], |map| &map[..length])
    }
}

impl Mapped {
    /// An empty one, whose file is in `directory`.
    pub(super) fn new(directory: &Path) -> Self {
        match tempfile::tempfile_in(directory) {
            Ok(file) => Self::of(file),
            Err(error) => {
                complain(&error);
                Self { place: Place::Memory(Vec::new()), length: 0 }
            }
        }
    }

    fn of(file: File) -> Self {
        Self { place: Place::File(Mapping { file, map: None, capacity: 0 }), length: 0 }
    }

    /// Appends octets.
    pub(super) fn append(&mut self, octets: &[u8]) {
        match &mut self.place {
            Place::Memory(kept) => kept.extend_from_slice(octets),
            Place::File(mapping) => {
                if let Err(error) = mapping.append(octets, self.length) {
                    complain(&error);
                    let kept = [mapping.octets(self.length), octets].concat();
                    self.place = Place::Memory(kept);
                }
            }
        }
        self.length += octets.len();
    }

    /// Everything appended so far.
    pub(super) fn octets(&self) -> &[u8] {
        match &self.place {
            Place::File(mapping) => mapping.octets(self.length),
            Place::Memory(kept) => kept,
        }
    }

    /// Octets of memory held, a mapped file apart.
    pub(super) fn memory(&self) -> usize {
        match &self.place {
            Place::File(_) => 0,
            Place::Memory(kept) => kept.capacity(),
        }
    }
}

fn complain(error: &io::Error) {
    tracing::warn!(%error, "the text of an account is kept in memory: its file cannot be written");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_appended_is_read_across_growth() {
        let directory = tempfile::tempdir().expect("directory");
        let mut mapped = Mapped::new(directory.path());
        assert_eq!(mapped.octets(), b"");
        let piece = vec![b'x'; 5 << 20];
        for round in 0..9u8 {
            mapped.append(&[round]);
            mapped.append(&piece);
        }
        assert_eq!(mapped.octets().len(), 9 * (piece.len() + 1));
        assert_eq!(mapped.octets()[piece.len() + 1], 1);
        assert_eq!(std::fs::read_dir(directory.path()).expect("directory").count(), 0);
    }

    #[test]
    fn a_file_that_cannot_grow_is_done_without() {
        let directory = tempfile::tempdir().expect("directory");
        let mut mapped = Mapped::new(directory.path());
        mapped.append(b"before");
        let path = directory.path().join("read only");
        std::fs::write(&path, b"").expect("written");
        if let Place::File(mapping) = &mut mapped.place {
            // As with a full disk, the next write fails.
            mapping.file = File::open(path).expect("opened");
        }
        assert_eq!((mapped.octets(), mapped.memory()), (&b"before"[..], 0));
        mapped.append(b" and");
        mapped.append(b" behind");
        assert_eq!(mapped.octets(), b"before and behind");
        assert!(mapped.memory() >= 17);
        let mut nowhere = Mapped::new(&directory.path().join("none"));
        nowhere.append(b"kept");
        assert_eq!(nowhere.octets(), b"kept");
    }
}
