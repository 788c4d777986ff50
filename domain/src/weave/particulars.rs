//! What knots of one kind say and those of others have no words for: an event its end and its time zone, a bed for how many and for
//! how long, a tool until when it is lent.

use serde::{Deserialize, Deserializer, Serialize};

use super::{NodeKind, START_AHEAD_MS};
use crate::refusal::Refusal;
use crate::time::{DAY_MS, Millis};

/// Days that an event lasts at most.
pub const EVENT_DAYS_MAX: u32 = 366;
/// Nights that a bed is offered for at most.
pub const NIGHTS_MAX: u32 = 90;
/// Guests that a bed is offered to at most.
pub const GUESTS_MAX: u32 = 20;
/// Bytes of a time zone's name; the longest that IANA has is half of it.
const ZONE_MAX: usize = 64;

/// What a knot says of its own kind; nothing of it has to be said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Particulars {
    /// When an event ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Millis>,
    /// By whose clocks an event's times are told where it is, as IANA names them: `Europe/Vienna`. Moments need none of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// How many nights a guest may stay in a bed at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nights: Option<u32>,
    /// How many guests a bed takes in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guests: Option<u32>,
    /// Until when a tool is lent to somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lent_until: Option<Millis>,
}

/// A change of [`Particulars`]: what is not named stays as it is, what is named as nothing (`null`) is said no more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParticularsChange {
    #[serde(
        default,
        deserialize_with = "named",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Millis>))]
    pub ends_at: Option<Option<Millis>>,
    #[serde(
        default,
        deserialize_with = "named",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub zone: Option<Option<String>>,
    #[serde(
        default,
        deserialize_with = "named",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub nights: Option<Option<u32>>,
    #[serde(
        default,
        deserialize_with = "named",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub guests: Option<Option<u32>>,
    #[serde(
        default,
        deserialize_with = "named",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Millis>))]
    pub lent_until: Option<Option<Millis>>,
}

/// A field that is there is named, also as `null`.
fn named<'de, T: Deserialize<'de>, D: Deserializer<'de>>(named: D) -> Result<Option<T>, D::Error> {
    T::deserialize(named).map(Some)
}

impl Particulars {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes over what is named.
    pub fn change(&mut self, change: &ParticularsChange) {
        take(&mut self.ends_at, &change.ends_at);
        take(&mut self.zone, &change.zone);
        take(&mut self.nights, &change.nights);
        take(&mut self.guests, &change.guests);
        take(&mut self.lent_until, &change.lent_until);
    }

    /// The change that makes these of `before`: it names what differs and nothing else.
    #[must_use]
    pub fn differences(&self, before: &Self) -> ParticularsChange {
        ParticularsChange {
            ends_at: other(&self.ends_at, &before.ends_at),
            zone: other(&self.zone, &before.zone),
            nights: other(&self.nights, &before.nights),
            guests: other(&self.guests, &before.guests),
            lent_until: other(&self.lent_until, &before.lent_until),
        }
    }
}

fn take<T: Clone>(own: &mut Option<T>, new: &Option<Option<T>>) {
    if let Some(new) = new {
        own.clone_from(new);
    }
}

fn other<T: Clone + PartialEq>(own: &Option<T>, before: &Option<T>) -> Option<Option<T>> {
    (own != before).then(|| own.clone())
}

impl ParticularsChange {
    /// Whether nothing is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// All that is said, as a change of a knot that has said nothing.
    fn of(said: &Particulars) -> Self {
        said.differences(&Particulars::default())
    }
}

/// Whether a new knot may say this.
pub(super) fn check_new(
    kind: NodeKind,
    starts_at: Option<Millis>,
    said: &Particulars,
    now: Millis,
) -> Result<(), Refusal> {
    check(kind, &ParticularsChange::of(said), now)?;
    // As with a start, an outbox may have waited.
    if said.lent_until.is_some_and(|until| until < now + -DAY_MS) {
        return Err(Refusal::LentOutOfRange);
    }
    check_span(starts_at, said.ends_at)
}

/// Whether what is named is of the knot's kind and in bounds.
pub(super) fn check(
    kind: NodeKind,
    change: &ParticularsChange,
    now: Millis,
) -> Result<(), Refusal> {
    let of_event = change.ends_at.is_some() || change.zone.is_some();
    let of_bed = change.nights.is_some() || change.guests.is_some();
    let of_tool = change.lent_until.is_some();
    if of_event && kind != NodeKind::Event
        || of_bed && kind != NodeKind::Bed
        || of_tool && kind != NodeKind::Tool
    {
        return Err(Refusal::OfAnotherKind);
    }
    if let Some(Some(zone)) = &change.zone
        && !is_zone(zone)
    {
        return Err(Refusal::ZoneInvalid);
    }
    let in_bounds = |number: Option<Option<u32>>, max| {
        let got = number.flatten();
        got.filter(|got| *got == 0 || *got > max)
    };
    if let Some(got) = in_bounds(change.nights, NIGHTS_MAX) {
        return Err(Refusal::NightsOutOfRange {
            max: NIGHTS_MAX,
            got,
        });
    }
    if let Some(got) = in_bounds(change.guests, GUESTS_MAX) {
        return Err(Refusal::GuestsOutOfRange {
            max: GUESTS_MAX,
            got,
        });
    }
    // What has been is said again where a change is undone.
    if let Some(Some(until)) = change.lent_until
        && (until - now).abs() > START_AHEAD_MS
    {
        return Err(Refusal::LentOutOfRange);
    }
    Ok(())
}

/// Whether an event that begins then may end then; of neither is anything said where one is not known.
pub(super) fn check_span(
    starts_at: Option<Millis>,
    ends_at: Option<Millis>,
) -> Result<(), Refusal> {
    let (Some(start), Some(end)) = (starts_at, ends_at) else {
        return Ok(());
    };
    if end <= start {
        return Err(Refusal::EndBeforeStart);
    }
    if end - start > i64::from(EVENT_DAYS_MAX) * DAY_MS {
        return Err(Refusal::EndOutOfRange {
            days: EVENT_DAYS_MAX,
        });
    }
    Ok(())
}

/// Whether it has the form of a name that IANA gives: words of letters, digits, `_`, `+` and `-`, which begin with a letter and are
/// parted by `/`. Which names there are changes several times a year and is nothing that a decision may hang on.
fn is_zone(name: &str) -> bool {
    let is_word = |word: &str| {
        let mut bytes = word.bytes();
        bytes
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
    };
    name.len() <= ZONE_MAX && name.split('/').all(is_word)
}
