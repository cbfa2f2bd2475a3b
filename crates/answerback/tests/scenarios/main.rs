//! What happens to messages when things go wrong around them: real processes, real sockets, one file named by
//! what happens.

mod bind_lost_inside_window;
mod carrier_answers_too_late;
mod carrier_down_for_an_hour;
mod carrier_throttles;
mod config_reload_moves_a_route;
mod disk_full;
mod kill_during_batch_commit;
mod long_mo_survives_a_restart_between_parts;
mod receipt_before_submit_response;
mod stop_word_stops_the_next_send;
mod two_carriers_one_dies;
mod webhook_target_down_then_up;
mod world;

// Those of the other test binary, which uses all of them.
#[allow(dead_code, reason = "shared with another test binary")]
#[path = "../binary/far_end.rs"]
mod far_end;
#[allow(dead_code, reason = "shared with another test binary")]
#[path = "../binary/http.rs"]
mod http;
#[allow(dead_code, reason = "shared with another test binary")]
#[path = "../binary/process.rs"]
mod process;
