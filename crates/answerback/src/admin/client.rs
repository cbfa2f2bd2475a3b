//! The client's end of the socket.

use std::io;

use tokio::io::{AsyncBufRead, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use super::frame::{self, Frame};
use super::request::{Envelope, Request};
use super::{Outlet, PROTOCOL, Reply};
use crate::failure::Failure;

/// Has a running server execute a command, as [`super::run()`] does on the spot.
pub(crate) async fn ask(
    stream: UnixStream,
    request: Request,
    input: &mut (dyn AsyncBufRead + Send + Unpin),
    outlet: Outlet<'_>,
) -> Result<Reply, Failure> {
    let sends_input = matches!(request, Request::Import { .. });
    let (read, write) = stream.into_split();
    let frames = receive(BufReader::with_capacity(64 << 10, read), outlet);
    let sending = send(write, request, sends_input.then_some(input));
    let mut frames = std::pin::pin!(frames);
    let mut sending = std::pin::pin!(sending);
    let mut sent = false;
    loop {
        tokio::select! {
            // The answer ends it, whether or not everything was sent: a refused line needs no more of them.
            answer = frames.as_mut() => return answer,
            result = sending.as_mut(), if !sent => {
                sent = true;
                // A server that takes no more has said, or is about to say, why.
                if let Err(SendError::Input(error)) = result {
                    return Err(Failure::failed(format!("the input cannot be read: {error}")));
                }
            }
        }
    }
}

enum SendError {
    Input(io::Error),
    Server,
}

/// Sends the request and then the input. The writing side is given back open on errors only: its closing
/// tells the server that the input is complete.
async fn send(
    mut write: OwnedWriteHalf,
    request: Request,
    input: Option<&mut (dyn AsyncBufRead + Send + Unpin)>,
) -> Result<OwnedWriteHalf, SendError> {
    use tokio::io::AsyncBufReadExt;
    let mut line = serde_json::to_vec(&Envelope { protocol: PROTOCOL, request })
        .map_err(|error| SendError::Input(error.into()))?;
    line.push(b'\n');
    let server = |_| SendError::Server;
    write.write_all(&line).await.map_err(server)?;
    if let Some(input) = input {
        loop {
            let piece = input.fill_buf().await.map_err(SendError::Input)?;
            if piece.is_empty() {
                break;
            }
            write.write_all(piece).await.map_err(server)?;
            let count = piece.len();
            input.consume(count);
        }
    }
    write.shutdown().await.map_err(server)?;
    Ok(write)
}

async fn receive(mut read: BufReader<OwnedReadHalf>, outlet: Outlet<'_>) -> Result<Reply, Failure> {
    loop {
        match frame::read(&mut read).await {
            Ok(Frame::Data(octets)) => {
                outlet.data.write_all(&octets).await.map_err(|error| Failure::output(&error))?;
            }
            Ok(Frame::Progress(progress)) => (outlet.progress)(progress),
            Ok(Frame::End(end)) => {
                outlet.data.flush().await.map_err(|error| Failure::output(&error))?;
                return end;
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(Failure::failed(format!("the server's answer cannot be read: {error}")));
            }
            Err(error) => {
                let what = "the server went away before it answered; what it had committed stays";
                return Err(Failure::unreachable(format!("{what} ({error})")));
            }
        }
    }
}
