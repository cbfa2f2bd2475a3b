//! The binary as its users meet it: started in a directory of its own, spoken to over its sockets.

mod a_text_in_four_tongues;
mod access;
mod carriers;
mod commands;
mod configuration;
mod decisions;
mod demo;
mod documented;
mod far_end;
mod http;
mod limits;
mod process;
mod proxies;
mod sending;
mod serving;
mod tls;
mod transfer;
mod webhooks;
