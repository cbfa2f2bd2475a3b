//! Reading a request's body within its limits.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use dialects::kit::Early;
use http::HeaderMap;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

/// How long, and how much, of a refused body is still taken in, so that the caller comes to read our answer
/// instead of finding his connection reset.
const DRAIN_TIME: Duration = Duration::from_secs(2);
const DRAIN_OCTETS: u64 = 256 << 20;

/// The body, whole; or why not.
pub(super) async fn read(
    mut body: Incoming,
    headers: &HeaderMap,
    limit: usize,
    time: Duration,
) -> Result<Bytes, Early> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let declared = body.size_hint().lower();
    let result = if declared > limit as u64 {
        Err(Early::BodyTooLarge)
    } else {
        tokio::time::timeout(time, collect(&mut body, limit)).await.unwrap_or(Err(Early::Slow))
    };
    // Who waits for "100 Continue" has not sent it yet, and reading would ask for it.
    let is_waiting = declared > limit as u64 && headers.contains_key(http::header::EXPECT);
    if result == Err(Early::BodyTooLarge) && !is_waiting {
        tokio::spawn(drain(body));
    }
    result
}

async fn collect(body: &mut Incoming, limit: usize) -> Result<Bytes, Early> {
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Early::Malformed)?.into_data() else { continue };
        if data.len() + first.len() + whole.len() > limit {
            return Err(Early::BodyTooLarge);
        }
        if first.is_empty() && whole.is_empty() {
            first = data;
            continue;
        }
        // Most bodies come in one piece and are passed on as they are; the others are put together.
        whole.extend_from_slice(&std::mem::take(&mut first));
        whole.extend_from_slice(&data);
    }
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}

async fn drain(mut body: Incoming) {
    let all = async {
        let mut seen = 0;
        while let Some(Ok(frame)) = body.frame().await {
            seen += frame.data_ref().map_or(0, Bytes::len) as u64;
            if seen > DRAIN_OCTETS {
                return;
            }
        }
    };
    // Whether it ended or was cut off makes no difference: the answer is on its way.
    let _ended = tokio::time::timeout(DRAIN_TIME, all).await;
}
