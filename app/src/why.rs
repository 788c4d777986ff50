//! Refusals and problems in words: which rule says no, and what to do.

use domain::problem::ProblemKind;
use domain::refusal::Refusal;
use domain::time::Millis;

use crate::look::Look;
use crate::markup::Text;
use crate::words::{Words, fill};

/// A refusal as a sentence.
#[must_use]
pub fn refusal(look: &Look<'_>, refusal: &Refusal) -> Text {
    in_words(look.words, refusal, |at| look.date(at))
}

/// A refusal as a sentence of a language, with dates as the asker says them. The compiler completes the list.
#[must_use]
pub fn in_words(w: &Words, refusal: &Refusal, date: impl Fn(Millis) -> String) -> Text {
    let length = |text: &str, max: u32, got: u32| {
        Text::Owned(fill(
            &fill(text, "max", &max.to_string()),
            "got",
            &got.to_string(),
        ))
    };
    Text::Borrowed(match *refusal {
        Refusal::NodeNotYours { vouches, needed } => {
            return of_vouches(w.refusal_node_not_yours, vouches, needed);
        }
        Refusal::WeaverNeeded { vouches, needed } => {
            return of_vouches(w.refusal_weaver_needed, vouches, needed);
        }
        Refusal::ReasonLength { max, got } => return length(w.refusal_reason_length, max, got),
        Refusal::VouchesOutOfRange { max, got } => {
            return length(w.refusal_vouches_out_of_range, max, got);
        }
        Refusal::VouchConfirmed { at } => {
            return fill(w.refusal_vouch_confirmed, "at", &date(at)).into();
        }
        Refusal::AdminNeeded => w.refusal_admin_needed,
        Refusal::VouchForOneself => w.refusal_vouch_for_oneself,
        Refusal::VouchGiven => w.refusal_vouch_given,
        Refusal::VouchMissing => w.refusal_vouch_missing,
        Refusal::WeaverAlready => w.refusal_weaver_already,
        Refusal::RightHeld => w.refusal_right_held,
        Refusal::RightMissing => w.refusal_right_missing,
        Refusal::NameLength { max, got } => return length(w.refusal_name_length, max, got),
        Refusal::TitleLength { max, got } => return length(w.refusal_title_length, max, got),
        Refusal::TextLength { max, got } => return length(w.refusal_text_length, max, got),
        Refusal::MessageLength { max, got } => return length(w.refusal_message_length, max, got),
        Refusal::TagLength { max, got } => return length(w.refusal_tag_length, max, got),
        Refusal::TooManyTags { max, got } => return length(w.refusal_too_many_tags, max, got),
        Refusal::NodeDissolved { at } => {
            return fill(w.refusal_node_dissolved, "at", &date(at)).into();
        }
        Refusal::ThreadFaded { at } => {
            return fill(w.refusal_thread_faded, "at", &date(at)).into();
        }
        Refusal::CommandVersion { v } => {
            return fill(w.refusal_command_version, "v", &v.to_string()).into();
        }
        Refusal::NameMixed => w.refusal_name_mixed,
        Refusal::NameAlike => w.refusal_name_alike,
        Refusal::ControlCharacters => w.refusal_control_characters,
        Refusal::PlaceInvalid => w.refusal_place_invalid,
        Refusal::NoPlaceKept => w.refusal_no_place_kept,
        Refusal::StartMissing => w.refusal_start_missing,
        Refusal::StartWithoutEvent => w.refusal_start_without_event,
        Refusal::StartOutOfRange => w.refusal_start_out_of_range,
        Refusal::EndBeforeStart => w.refusal_end_before_start,
        Refusal::EndOutOfRange { days } => {
            return fill(w.refusal_end_out_of_range, "days", &days.to_string()).into();
        }
        Refusal::ZoneInvalid => w.refusal_zone_invalid,
        Refusal::NightsOutOfRange { max, got } => {
            return length(w.refusal_nights_out_of_range, max, got);
        }
        Refusal::GuestsOutOfRange { max, got } => {
            return length(w.refusal_guests_out_of_range, max, got);
        }
        Refusal::LentOutOfRange => w.refusal_lent_out_of_range,
        Refusal::OfAnotherKind => w.refusal_of_another_kind,
        Refusal::KindFixed => w.refusal_kind_fixed,
        Refusal::StructureByHand => w.refusal_structure_by_hand,
        Refusal::StructureStays => w.refusal_structure_stays,
        Refusal::CentreMissing => w.refusal_centre_missing,
        Refusal::RadiusOutOfRange { min, max, got } => {
            let text = fill(w.refusal_radius_out_of_range, "min", &min.to_string());
            return length(&text, max, got);
        }
        Refusal::RoleTaken => w.refusal_role_taken,
        Refusal::RoleUnknown => w.refusal_role_unknown,
        Refusal::NodeTaken => w.refusal_node_taken,
        Refusal::MessageTaken => w.refusal_message_taken,
        Refusal::MessageUnknown => w.refusal_message_unknown,
        Refusal::MessageNotYours => w.refusal_message_not_yours,
        Refusal::MessageWithdrawn => w.refusal_message_withdrawn,
        Refusal::NodeUnknown => w.refusal_node_unknown,
        Refusal::NodeChanged { .. } => w.refusal_node_changed,
        Refusal::NodeCovered => w.refusal_node_covered,
        Refusal::TooManyPictures { max } => {
            return fill(w.refusal_too_many_pictures, "max", &max.to_string()).into();
        }
        Refusal::PictureUnknown => w.refusal_picture_unknown,
        Refusal::PictureShown => w.refusal_picture_shown,
        Refusal::PictureGone => w.refusal_picture_gone,
        Refusal::TalkCovered => w.refusal_talk_covered,
        Refusal::PictureCovered => w.refusal_picture_covered,
        Refusal::CoversTooMany { max, got } => {
            return length(w.refusal_covers_too_many, max, got);
        }
        Refusal::NothingToCover => w.refusal_nothing_to_cover,
        Refusal::NothingChanged => w.refusal_nothing_changed,
        Refusal::ThreadUnknown => w.refusal_thread_unknown,
        Refusal::NotYours => w.refusal_not_yours,
        Refusal::AlreadyTwisted => w.refusal_already_twisted,
        Refusal::NotTwisted => w.refusal_not_twisted,
        Refusal::CommandReused => w.refusal_command_reused,
        Refusal::CommandExpired => w.refusal_command_expired,
    })
}

/// A text that tells how many vouches there are of how many.
#[must_use]
pub(crate) fn of_vouches(text: &str, vouches: u32, needed: u32) -> Text {
    let text = fill(text, "vouches", &vouches.to_string());
    fill(&text, "needed", &needed.to_string()).into()
}

/// A problem as a sentence. The compiler completes the list.
#[must_use]
pub fn problem(look: &Look<'_>, kind: ProblemKind) -> &'static str {
    let w = look.words;
    match kind {
        ProblemKind::Refused => w.problem_refused,
        ProblemKind::Malformed => w.problem_malformed,
        ProblemKind::CursorUnknown => w.problem_cursor_unknown,
        ProblemKind::TooLarge => w.problem_too_large,
        ProblemKind::UnsupportedMedia => w.problem_unsupported_media,
        ProblemKind::MethodNotAllowed => w.problem_method_not_allowed,
        ProblemKind::NotFound => w.problem_not_found,
        ProblemKind::CodeWrong => w.problem_code_wrong,
        ProblemKind::EmailWrong => w.sign_in_email_missing,
        ProblemKind::SignedOut => w.problem_signed_out,
        ProblemKind::ForeignRole => w.problem_foreign_role,
        ProblemKind::ForeignOrigin => w.problem_foreign_origin,
        ProblemKind::TooMany => w.problem_too_many,
        ProblemKind::Unavailable => w.problem_unavailable,
        ProblemKind::Internal => w.problem_internal,
    }
}
