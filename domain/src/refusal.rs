//! Why an act is refused: each variant names its rule and carries its numbers. Views and the API render
//! it; nobody parses text.

use serde::{Deserialize, Serialize};

use crate::spool::VOUCHES_NEEDED;
use crate::time::Millis;

/// A final "no" to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(target_family = "wasm"), serde(tag = "rule"))]
#[cfg_attr(target_family = "wasm", serde(remote = "Self"))]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    #[error("a name has 1 to {max} characters, this one has {got}")]
    NameLength { max: u32, got: u32 },
    #[error("a word of a name is of one script, without signs that nobody sees")]
    NameMixed,
    #[error("somebody else's name looks the same in other letters")]
    NameAlike,
    #[error("a title has 1 to {max} characters, this one has {got}")]
    TitleLength { max: u32, got: u32 },
    #[error("a text has at most {max} characters, this one has {got}")]
    TextLength { max: u32, got: u32 },
    #[error("a message has 1 to {max} characters, this one has {got}")]
    MessageLength { max: u32, got: u32 },
    #[error("a tag has at most {max} characters, this one has {got}")]
    TagLength { max: u32, got: u32 },
    #[error("a list has at most {max} tags, this one has {got}")]
    TooManyTags { max: u32, got: u32 },
    #[error("a name or text has control characters")]
    ControlCharacters,
    #[error("the place is not on Earth")]
    PlaceInvalid,
    #[error("no place of this role is kept")]
    NoPlaceKept,
    #[error("an event needs the time at which it starts")]
    StartMissing,
    #[error("only an event has a start")]
    StartWithoutEvent,
    #[error("an event starts between now and two years from now")]
    StartOutOfRange,
    #[error("an event ends after its start")]
    EndBeforeStart,
    #[error("an event lasts at most {days} days")]
    EndOutOfRange { days: u32 },
    #[error("that is no name of a time zone, as Europe/Vienna is one")]
    ZoneInvalid,
    #[error("a bed is offered for 1 to {max} nights, not for {got}")]
    NightsOutOfRange { max: u32, got: u32 },
    #[error("a bed is offered to 1 to {max} guests, not to {got}")]
    GuestsOutOfRange { max: u32, got: u32 },
    #[error("a tool is lent until some time between now and two years from now")]
    LentOutOfRange,
    /// Of an end, a time zone, nights, guests, and until when it is lent.
    #[error(
        "only an event has an end and a time zone, only a bed nights and guests, and only a tool is lent"
    )]
    OfAnotherKind,
    #[error("only an event that is over becomes something else: a place or an idea")]
    KindFixed,
    #[error("structures are not knotted by hand")]
    StructureByHand,
    #[error("what belongs to the community stays as it is")]
    StructureStays,
    #[error("there is that role already, or the account has one")]
    RoleTaken,
    #[error("there is no such role")]
    RoleUnknown,
    #[error("that id is taken")]
    NodeTaken,
    #[error("that id of a message is taken")]
    MessageTaken,
    #[error("there is no such message at this knot")]
    MessageUnknown,
    #[error("only who said it may change a message or take it back")]
    MessageNotYours,
    #[error("the message was taken back")]
    MessageWithdrawn,
    #[error("there is no such knot")]
    NodeUnknown,
    #[error("the knot has come undone")]
    NodeDissolved { at: Millis },
    #[error("the knot was changed meanwhile: it is at version {version}")]
    NodeChanged { version: u32 },
    /// Earlier receipts carry no numbers.
    #[error(
        "the knots of others are changed by weavers, which takes {needed} vouches; {vouches} are there"
    )]
    NodeNotYours {
        #[serde(default)]
        vouches: u32,
        #[serde(default = "usual")]
        needed: u32,
    },
    #[error("yarn of others holds the knot, so only they may change it")]
    NodeCovered,
    #[error("a knot shows at most {max} pictures")]
    TooManyPictures { max: u32 },
    #[error("that picture was not uploaded for this, or not by this role, or it is kept no more")]
    PictureUnknown,
    #[error("the knot shows that picture already")]
    PictureShown,
    #[error("the knot does not show that picture")]
    PictureGone,
    #[error("yarn of others covers the conversation, so only they talk there")]
    TalkCovered,
    #[error("yarn of others covers the picture, so only they may change it")]
    PictureCovered,
    #[error("a yarn covers at most {max} single pictures, not {got}")]
    CoversTooMany { max: u32, got: u32 },
    #[error("only yarn that holds a knot covers something")]
    NothingToCover,
    #[error("the change changes nothing")]
    NothingChanged,
    #[error("there is no such thread")]
    ThreadUnknown,
    #[error("the thread has faded")]
    ThreadFaded { at: Millis },
    #[error("only its owner may do that")]
    NotYours,
    #[error("the thread is yarn already")]
    AlreadyTwisted,
    #[error("the thread is not yarn")]
    NotTwisted,
    #[error("that is done by weavers, which takes {needed} vouches; {vouches} are there")]
    WeaverNeeded { vouches: u32, needed: u32 },
    #[error("that is done by admins")]
    AdminNeeded,
    #[error("nobody vouches for themselves")]
    VouchForOneself,
    #[error("that vouch is given already")]
    VouchGiven,
    #[error("there is no such vouch")]
    VouchMissing,
    #[error("the vouch has confirmed a weaver")]
    VouchConfirmed { at: Millis },
    #[error("whoever that is, is a weaver already")]
    WeaverAlready,
    #[error("the role has that right already")]
    RightHeld,
    #[error("the role does not have that right")]
    RightMissing,
    #[error("a reason has 1 to {max} characters, this one has {got}")]
    ReasonLength { max: u32, got: u32 },
    #[error("a community asks for at most {max} vouches, not for {got}")]
    VouchesOutOfRange { max: u32, got: u32 },
    #[error("a community's area reaches from {min} to {max} metres around its centre, not {got}")]
    RadiusOutOfRange { min: u32, max: u32, got: u32 },
    #[error("an area needs a centre")]
    CentreMissing,
    #[error("this command id was used for another content")]
    CommandReused,
    /// Also of a command from so far in the future: some clock was wrong.
    #[error("the command is older than receipts are kept, or as far ahead")]
    CommandExpired,
    #[error("this server does not know version {v} of the command")]
    CommandVersion { v: u16 },
}

crate::json::tagged!(Refusal, "rule");

const fn usual() -> u32 {
    VOUCHES_NEEDED
}

impl Refusal {
    /// Whether what was wanted is so already: nothing is lost by it.
    #[must_use]
    pub const fn is_moot(&self) -> bool {
        matches!(
            self,
            Self::AlreadyTwisted
                | Self::NotTwisted
                | Self::NothingChanged
                | Self::PictureShown
                | Self::PictureGone
                | Self::VouchGiven
                | Self::VouchMissing
                | Self::WeaverAlready
                | Self::RightHeld
                | Self::RightMissing
        )
    }

    /// The HTTP status that says the same.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotYours
            | Self::NodeNotYours { .. }
            | Self::NodeCovered
            | Self::TalkCovered
            | Self::PictureCovered
            | Self::StructureStays
            | Self::WeaverNeeded { .. }
            | Self::AdminNeeded
            | Self::MessageNotYours => 403,
            Self::RoleUnknown
            | Self::NodeUnknown
            | Self::ThreadUnknown
            | Self::MessageUnknown
            | Self::PictureUnknown => 404,
            Self::NodeDissolved { .. }
            | Self::NodeChanged { .. }
            | Self::ThreadFaded { .. }
            | Self::MessageWithdrawn
            | Self::VouchConfirmed { .. }
            | Self::CommandExpired => 409,
            Self::NameLength { .. }
            | Self::NameMixed
            | Self::NameAlike
            | Self::TitleLength { .. }
            | Self::TextLength { .. }
            | Self::MessageLength { .. }
            | Self::TagLength { .. }
            | Self::TooManyTags { .. }
            | Self::ControlCharacters
            | Self::PlaceInvalid
            | Self::NoPlaceKept
            | Self::StartMissing
            | Self::StartWithoutEvent
            | Self::StartOutOfRange
            | Self::EndBeforeStart
            | Self::EndOutOfRange { .. }
            | Self::ZoneInvalid
            | Self::NightsOutOfRange { .. }
            | Self::GuestsOutOfRange { .. }
            | Self::LentOutOfRange
            | Self::OfAnotherKind
            | Self::KindFixed
            | Self::StructureByHand
            | Self::RoleTaken
            | Self::NodeTaken
            | Self::MessageTaken
            | Self::NothingChanged
            | Self::TooManyPictures { .. }
            | Self::PictureShown
            | Self::PictureGone
            | Self::CoversTooMany { .. }
            | Self::NothingToCover
            | Self::AlreadyTwisted
            | Self::NotTwisted
            | Self::VouchForOneself
            | Self::VouchGiven
            | Self::VouchMissing
            | Self::WeaverAlready
            | Self::RightHeld
            | Self::RightMissing
            | Self::ReasonLength { .. }
            | Self::VouchesOutOfRange { .. }
            | Self::RadiusOutOfRange { .. }
            | Self::CentreMissing
            | Self::CommandReused
            | Self::CommandVersion { .. } => 422,
        }
    }
}
