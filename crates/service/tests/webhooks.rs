//! Telling customers' servers, over the embedded engine, with a clock and a far end that the test moves. A
//! file of scenarios is named by what happens.

#[path = "webhooks/dead_letter_and_replay.rs"]
mod dead_letter_and_replay;
#[path = "webhooks/one_target_failing_does_not_hold_another.rs"]
mod one_target_failing_does_not_hold_another;
#[path = "webhooks/order_per_message.rs"]
mod order_per_message;
#[path = "webhooks/restart_between_delivery_and_record.rs"]
mod restart_between_delivery_and_record;
#[path = "webhooks/signed_form.rs"]
mod signed_form;
mod support;
#[path = "webhooks/target_down_for_a_day.rs"]
mod target_down_for_a_day;
#[path = "webhooks/targets_come_and_go.rs"]
mod targets_come_and_go;
#[path = "webhooks/world.rs"]
mod world;
