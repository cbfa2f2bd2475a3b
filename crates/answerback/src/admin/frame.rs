//! Frames: what a server answers with.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::reply::{Progress, Reply};
use crate::failure::Failure;

/// The most octets in a frame of data. A result may be larger: a list of every account.
pub(crate) const LARGEST: usize = 1 << 20;
/// The most octets in any frame.
const LARGEST_RESULT: usize = 1 << 30;
/// How much is set aside before the octets are there.
const AT_ONCE: usize = LARGEST;

const DATA: u8 = 1;
const PROGRESS: u8 = 2;
const RESULT: u8 = 3;
const ERROR: u8 = 4;

/// One frame.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Frame {
    /// Octets of an export.
    Data(Vec<u8>),
    /// How far it has come.
    Progress(Progress),
    /// How it ended.
    End(Result<Reply, Failure>),
}

/// Writes octets of an export as one frame or more.
pub(crate) async fn write_data(out: &mut (impl AsyncWrite + Unpin), octets: &[u8]) -> io::Result<()> {
    for piece in octets.chunks(LARGEST) {
        write(out, DATA, piece).await?;
    }
    Ok(())
}

/// Writes how far it has come.
pub(crate) async fn write_progress(
    out: &mut (impl AsyncWrite + Unpin),
    progress: Progress,
) -> io::Result<()> {
    write(out, PROGRESS, &serde_json::to_vec(&progress)?).await?;
    out.flush().await
}

/// Writes how it ended.
pub(crate) async fn write_end(
    out: &mut (impl AsyncWrite + Unpin),
    end: &Result<Reply, Failure>,
) -> io::Result<()> {
    match end {
        Ok(reply) => write(out, RESULT, &serde_json::to_vec(reply)?).await?,
        Err(failure) => write(out, ERROR, &serde_json::to_vec(failure)?).await?,
    }
    out.flush().await
}

async fn write(out: &mut (impl AsyncWrite + Unpin), tag: u8, payload: &[u8]) -> io::Result<()> {
    let length = u32::try_from(payload.len()).ok().filter(|_| payload.len() <= LARGEST_RESULT);
    let length = length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a frame too large"))?;
    let mut head = [tag, 0, 0, 0, 0];
    head[1..].copy_from_slice(&length.to_be_bytes());
    out.write_all(&head).await?;
    out.write_all(payload).await
}

/// Reads the next frame. A connection that ends before the last frame is an error: the server is gone.
pub(crate) async fn read(input: &mut (impl AsyncRead + Unpin)) -> io::Result<Frame> {
    let mut head = [0; 5];
    input.read_exact(&mut head).await?;
    let [tag, length @ ..] = head;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    let invalid = |what| io::Error::new(io::ErrorKind::InvalidData, what);
    if length > LARGEST_RESULT {
        return Err(invalid("a frame too large"));
    }
    let mut payload = Vec::with_capacity(length.min(AT_ONCE));
    input.take(length as u64).read_to_end(&mut payload).await?;
    if payload.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    match tag {
        DATA => Ok(Frame::Data(payload)),
        PROGRESS => Ok(Frame::Progress(serde_json::from_slice(&payload)?)),
        RESULT => Ok(Frame::End(Ok(serde_json::from_slice(&payload)?))),
        ERROR => Ok(Frame::End(Err(serde_json::from_slice(&payload)?))),
        _ => Err(invalid("a frame of an unknown kind")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn frames_are_read_as_written() {
        let mut wire = Vec::new();
        let progress = Progress::Check { messages: 7 };
        let failure = Err(Failure::failed("no such account"));
        write_data(&mut wire, b"octets").await.expect("written");
        write_data(&mut wire, &vec![1; LARGEST + 1]).await.expect("written in two");
        write_progress(&mut wire, progress).await.expect("written");
        write_end(&mut wire, &Ok(Reply::Accounts(Vec::new()))).await.expect("written");
        write_end(&mut wire, &failure).await.expect("written");
        assert_eq!(&wire[..11], b"\x01\0\0\0\x06octets");
        let mut input = wire.as_slice();
        assert_eq!(read(&mut input).await.expect("read"), Frame::Data(b"octets".to_vec()));
        assert_eq!(read(&mut input).await.expect("read"), Frame::Data(vec![1; LARGEST]));
        assert_eq!(read(&mut input).await.expect("read"), Frame::Data(vec![1]));
        assert_eq!(read(&mut input).await.expect("read"), Frame::Progress(progress));
        assert_eq!(read(&mut input).await.expect("read"), Frame::End(Ok(Reply::Accounts(Vec::new()))));
        assert_eq!(read(&mut input).await.expect("read"), Frame::End(failure));
        assert_eq!(read(&mut input).await.expect_err("at its end").kind(), io::ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn what_is_no_frame_is_refused() {
        for wire in [
            &b"\x09\0\0\0\0"[..],
            b"\x01\xff\xff\xff\xff",
            b"\x02\0\0\0\x02{}",
            b"\x03\0\0\0\x01x",
            b"\x01\0",
        ] {
            assert!(read(&mut &wire[..]).await.is_err(), "{wire:?}");
        }
    }
}
