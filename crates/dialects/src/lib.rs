//! Four vendors' HTTP APIs over one service: what was sent through one is read through the others.
//!
//! [`kit`] is what a dialect is written in; each dialect is one folder and one line in [`all`], which the
//! router, the documentation, the client tests and the command line read.
#![forbid(unsafe_code)]
#![allow(rustdoc::private_intra_doc_links, reason = "a dialect's map names its files, which are private")]

pub mod ip1;
pub mod kit;
pub mod mgage;
pub mod smsfactor;
pub mod textmagic;

use std::sync::Arc;

use kit::Dialect;
use service::webhooks::Shape;
use service::webhooks::signed::Signed;

/// Every dialect, in the order in which they are asked whether a path is theirs; the last takes the rest.
pub fn all() -> Vec<Box<dyn Dialect>> {
    vec![
        Box::new(textmagic::Textmagic),
        Box::new(ip1::Ip1),
        Box::new(mgage::Mgage),
        Box::new(smsfactor::SmsFactor),
    ]
}

/// Every shape that customers' servers are told in: the dialects' own, and ours.
pub fn shapes() -> Vec<Arc<dyn Shape>> {
    let own: Arc<dyn Shape> = Arc::new(Signed);
    all().iter().filter_map(|dialect| dialect.shape()).chain([own]).collect()
}
