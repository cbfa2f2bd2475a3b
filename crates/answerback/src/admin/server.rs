//! The server's end of the socket.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader, BufWriter, DuplexStream};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, watch};

use super::frame::{write_data, write_end, write_progress};
use super::request::{Envelope, Request};
use super::{Desk, Outlet, PROTOCOL, Progress, Reply, run};
use crate::failure::Failure;
use crate::signals::{Asked, asked};

/// Commands that run at once, at most; more wait.
const PLACES: usize = 16;
/// The longest request line, in octets.
const LONGEST_REQUEST: u64 = 1 << 20;
/// How long a client may take to say what it wants.
const REQUEST_TIME: Duration = Duration::from_secs(10);
/// How often progress is told.
const PROGRESS_PAUSE: Duration = Duration::from_millis(100);
/// What an export may be ahead of its reader, in octets.
const PIPE: usize = 256 << 10;
/// How long commands that are under way may take once the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// Serves commands until told to stop; then those under way have a moment to end. An import that is cut off
/// loses nothing: what it committed stays, and running it again resumes.
pub(crate) async fn serve(socket: UnixListener, desk: Desk, mut stop: Asked) {
    let places = Arc::new(Semaphore::new(PLACES));
    let mut commands = tokio::task::JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            () = asked(&mut stop) => break,
            Some(_) = commands.join_next() => continue,
        };
        match accepted {
            Ok((stream, _)) => {
                let (desk, places) = (desk.clone(), Arc::clone(&places));
                commands.spawn(async move {
                    if let Ok(_place) = places.acquire().await {
                        serve_one(stream, &desk).await;
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "no administrative connection could be accepted");
                tokio::time::sleep(PROGRESS_PAUSE).await;
            }
        }
    }
    drop(socket);
    let all = async { while commands.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::warn!("administrative commands were cut off");
    }
    commands.shutdown().await;
}

/// Whoever listens in a data directory removes the socket's name when done.
pub(crate) fn leave(directory: &Path) {
    if let Err(error) = super::socket::remove(directory) {
        tracing::warn!(%error, "the administrative socket could not be removed");
    }
}

async fn serve_one(stream: UnixStream, desk: &Desk) {
    let (read, write) = stream.into_split();
    let mut input = BufReader::with_capacity(64 << 10, read);
    let mut output = BufWriter::with_capacity(64 << 10, write);
    let told = match tokio::time::timeout(REQUEST_TIME, read_request(&mut input)).await {
        Ok(Ok(request)) => {
            tracing::info!(command = request.name(), "administrative command");
            execute(desk, request, &mut input, &mut output).await
        }
        Ok(Err(failure)) => write_end(&mut output, &Err(failure)).await,
        Err(_) => write_end(&mut output, &Err(Failure::failed("no command came in time"))).await,
    };
    match told {
        // Closing with unread input would take the answer away from a client that is still sending.
        Ok(()) => drain(&mut input).await,
        Err(error) => tracing::debug!(%error, "the client of an administrative command went away"),
    }
}

async fn read_request(input: &mut BufReader<OwnedReadHalf>) -> Result<Request, Failure> {
    let mut line = Vec::new();
    let unreadable =
        |error: &dyn std::fmt::Display| Failure::failed(format!("the command cannot be read: {error}"));
    let read = input.take(LONGEST_REQUEST).read_until(b'\n', &mut line).await;
    read.map_err(|error| unreadable(&error))?;
    // The number comes first and alone: a request of another version need not be one of ours.
    #[derive(serde::Deserialize)]
    struct Version {
        protocol: u32,
    }
    let version: Version = serde_json::from_slice(&line).map_err(|error| unreadable(&error))?;
    if version.protocol != PROTOCOL {
        let what = "the running server is of another version than this command; restart it";
        return Err(Failure::failed(what));
    }
    let envelope: Envelope = serde_json::from_slice(&line).map_err(|error| unreadable(&error))?;
    Ok(envelope.request)
}

/// Runs a command and writes frames while it runs. An error means that the client is gone.
async fn execute(
    desk: &Desk,
    request: Request,
    input: &mut BufReader<OwnedReadHalf>,
    output: &mut BufWriter<OwnedWriteHalf>,
) -> std::io::Result<()> {
    let (mut data, pipe) = tokio::io::duplex(PIPE);
    let (tell, told) = watch::channel(None);
    let progress: Arc<dyn Fn(Progress) + Send + Sync> = Arc::new(move |now| {
        tell.send_replace(Some(now));
    });
    let command = async move {
        // Both ends of the pipes go with the command, so that the pump sees its end.
        run(desk, request, input, Outlet { data: &mut data, progress }).await
    };
    let pump = pump(pipe, told, output);
    let mut command = std::pin::pin!(command);
    let mut pump = std::pin::pin!(pump);
    let mut end: Option<Result<Reply, Failure>> = None;
    // Whichever ends first, the other is waited for, save that a lost client ends the command.
    let output = loop {
        tokio::select! {
            result = command.as_mut(), if end.is_none() => end = Some(result),
            result = pump.as_mut() => break result?,
        }
    };
    let end = match end {
        Some(end) => end,
        None => command.await,
    };
    write_end(output, &end).await
}

/// Passes octets and progress on until the command has let go of both.
async fn pump(
    mut pipe: DuplexStream,
    mut told: watch::Receiver<Option<Progress>>,
    output: &mut BufWriter<OwnedWriteHalf>,
) -> std::io::Result<&mut BufWriter<OwnedWriteHalf>> {
    let mut octets = vec![0; PIPE];
    let mut telling = true;
    let mut next_word = tokio::time::Instant::now();
    loop {
        tokio::select! {
            biased;
            read = pipe.read(&mut octets) => match read? {
                0 if !telling => return Ok(output),
                0 => return finish_telling(told, next_word, output).await,
                count => write_data(output, &octets[..count]).await?,
            },
            changed = word(&mut told, next_word), if telling => match changed {
                Some(progress) => {
                    write_progress(output, progress).await?;
                    next_word = tokio::time::Instant::now() + PROGRESS_PAUSE;
                }
                None => telling = false,
            },
        }
    }
}

/// The octets have ended; progress may still come until the command lets go of it too.
async fn finish_telling(
    mut told: watch::Receiver<Option<Progress>>,
    mut next_word: tokio::time::Instant,
    output: &mut BufWriter<OwnedWriteHalf>,
) -> std::io::Result<&mut BufWriter<OwnedWriteHalf>> {
    while let Some(progress) = word(&mut told, next_word).await {
        write_progress(output, progress).await?;
        next_word = tokio::time::Instant::now() + PROGRESS_PAUSE;
    }
    Ok(output)
}

/// The newest progress, not before its time; `None` when there will be no more.
async fn word(
    told: &mut watch::Receiver<Option<Progress>>,
    not_before: tokio::time::Instant,
) -> Option<Progress> {
    told.changed().await.ok()?;
    tokio::time::sleep_until(not_before).await;
    *told.borrow_and_update()
}

async fn drain(input: &mut (impl AsyncRead + Unpin)) {
    let mut rest = tokio::io::sink();
    // Ended, failed or took too long: the answer has been given either way.
    let _drained = tokio::time::timeout(REQUEST_TIME, tokio::io::copy(input, &mut rest)).await;
}

#[cfg(test)]
mod tests;
