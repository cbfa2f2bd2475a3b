//! The list of cases, in one place for the suite and for the tests made of it.

/// Calls a macro with the names of all cases by group: `accept { numbers_are_dense, … } advance { … }`.
#[macro_export]
macro_rules! conformance_cases {
    ($callback:ident) => {
        $callback! {
            accounts {
                names_are_unique,
                an_account_is_kept,
                only_prepaid_accounts_hold_funds,
                secrets_are_unique_in_the_store,
                keys_are_kept,
                programs_are_unique_in_the_store,
                a_disabled_account_still_takes_what_arrives,
            }
            accept {
                numbers_are_dense,
                everything_is_kept,
                a_batch_is_kept,
                dates_never_run_backwards,
                scheduled_messages_wait_in_their_place,
                repeats_have_the_same_answer,
                refusals_leave_nothing,
                chats_are_opened_when_asked,
                networks_are_told_apart,
            }
            receive {
                an_mo_comes_once_under_its_key,
                an_mo_opens_a_chat,
                an_mo_reopens_its_chat,
                an_mo_is_a_batch_of_one,
                an_incomplete_mo_is_no_batch_yet,
                a_date_ahead_does_not_drag_live_traffic,
                refusals_leave_nothing,
            }
            take_in {
                segments_wait_for_each_other,
                segments_go_with_their_message,
                a_repeated_segment_is_known,
                a_reference_may_come_round,
                a_whole_mo_may_come_again,
                an_opt_out_has_its_proof,
                refusals_leave_no_opt_out,
                answers_are_owed_in_measure,
                what_is_nobodys_waits,
                who_wrote_last,
            }
            advance {
                legal_steps_move_everything,
                an_illegal_step_refuses_the_whole,
                a_contradiction_is_kept_beside,
                notes_change_nothing,
                a_history_has_an_end,
                hidden_messages_take_receipts,
            }
            hide {
                a_message_is_gone_from_every_list,
                unsent_messages_are_canceled,
                a_batch_goes_with_all_its_messages,
                visible_sums_fall,
                a_chat_falls_back_to_what_is_left,
                canceling_withdraws_what_waits,
            }
            import {
                rows_are_known_by_id,
                missing_history_is_implied,
                longer_history_is_merged,
                a_differing_row_stops_the_run,
                impossible_rows_are_refused,
                older_history_lists_in_its_place,
                own_exports_are_known,
                answers_name_what_is_there,
            }
            import_batches {
                rows_of_a_name_stand_together,
                interleaved_batches_keep_their_own,
                a_batch_lists_by_date_and_by_number,
                a_deleted_batch_stays_deleted,
                imported_mo_open_chats,
            }
            messages {
                every_filter,
                mo_batches,
                dates,
                the_last_second,
                cut_by_number,
                filters_combine,
                what_is_in_the_period,
                nothing_there,
                sums,
                times_are_exact,
            }
            orders {
                by_time,
                by_making,
                by_number,
                by_sender,
                by_destination,
                by_state,
            }
            cursors {
                places_in_time,
                places_by_number,
                cursors_and_filters,
                a_walk_is_whole,
            }
            batches {
                by_creation,
                of_a_range,
                after_and_bound,
                sums_and_keys,
            }
            replies {
                the_newest_submitted_before,
                the_one_it_names,
                by_date,
                ahead_of_the_clock,
            }
            scan {
                in_stretches,
                with_filters,
                times_of_others,
            }
            chats {
                orders,
                marks_of_reading,
                statuses,
                muting,
                turns,
                filters,
                a_chat_is_opened_once,
                by_number_and_over_all,
            }
            contacts {
                one_contact_a_phone,
                a_removed_contact_is_gone,
                filters_and_pages,
                found_by_phone,
                marks,
                by_name,
                in_lists,
            }
            isolation {
                accounts_see_only_their_own,
                accounts_change_only_their_own,
            }
            group {
                a_refused_write_harms_no_other,
                kinds_mix,
                what_was_answered_is_seen,
            }
        }
    };
}
