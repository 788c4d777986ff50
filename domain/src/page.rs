//! What a page shows: made by the server from read models, rendered there, sent once to the client.

use serde::{Deserialize, Serialize};

use crate::command::Act;
use crate::cursor::Cursor;
use crate::id::{AccountId, MessageId, RoleId};
use crate::lens::Lens;
use crate::link::{Camera, Panel};
use crate::place::Place;
use crate::search::{Hit, Search};
use crate::spool::{Met, Placed, Profile, Standing};
use crate::talk::{MessageRow, Unread};
use crate::time::Millis;
use crate::view::{Me, NodeRow, SpoolRow, ThreadRow};

/// Knots listed on a page at most.
pub const NEAR_MAX: u16 = 50;

/// News that are counted at most.
pub const NEWS_MAX: u16 = 99;

/// Everything the first render needs: it is a pure function of this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    pub now: Millis,
    pub lang: Lang,
    /// How far ahead of UTC the clocks are where the server stands, in minutes: so times are told until the browser says its own.
    #[serde(default)]
    pub offset_min: i32,
    /// All up to there is in it.
    pub cursor: Cursor,
    /// Who looks.
    pub viewer: Viewer,
    pub panel: Panel,
    /// Where the list is sorted around and the map begins.
    pub camera: Camera,
    /// What of it one wants to see.
    #[serde(default)]
    pub lens: Lens,
    /// What its view reaches ([`Camera::reach_m`]), nearest first; one more than [`NEAR_MAX`] where there are more.
    pub near: Vec<Near>,
    /// Where the nearest knot of all is, however far.
    #[serde(default)]
    pub nearest: Option<Place>,
    pub detail: Detail,
    /// How much is new for who looks; no more than [`NEWS_MAX`].
    #[serde(default)]
    pub news: u16,
    /// Where signing in stands, after a form that was sent without script.
    #[serde(default)]
    pub sign_in: SignInStep,
    /// Came unencrypted from another machine, so that browsers hold things back.
    #[serde(default)]
    pub is_unprotected: bool,
    /// Letters go nowhere: whoever runs this reads them and tells the code.
    #[serde(default)]
    pub has_mailbox: bool,
    /// Nobody on it is real: an invented neighbourhood to look around in.
    #[serde(default)]
    pub is_demo: bool,
    /// What the community calls itself; empty: nothing of its own.
    #[serde(default)]
    pub community: String,
    /// What the viewer has not read, the newest first.
    #[serde(default)]
    pub unread: Vec<Unread>,
}

/// The steps of signing in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), serde(tag = "step"))]
#[cfg_attr(target_family = "wasm", serde(remote = "Self"))]
#[serde(rename_all = "kebab-case")]
pub enum SignInStep {
    /// The address is asked for.
    #[default]
    Email,
    /// What was given is no address; it is asked for again.
    EmailWrong { email: String },
    /// A mail is on its way to it; its code is asked for.
    Code { email: String },
    /// The code was wrong or too old.
    CodeWrong { email: String },
    /// Too many mails or codes: later again.
    TooMany,
    /// It did not work for another reason: again.
    Unavailable,
}

crate::json::tagged!(SignInStep, "step");

/// The language of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lang {
    De,
    En,
}

impl Lang {
    /// As HTML and HTTP name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }
}

/// Who looks at the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), serde(tag = "viewer"))]
#[cfg_attr(target_family = "wasm", serde(remote = "Self"))]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    not(target_family = "wasm"),
    expect(clippy::large_enum_variant, reason = "a page has one")
)]
pub enum Viewer {
    Guest,
    /// Signed in, no role yet.
    Account {
        account: AccountId,
        email: String,
    },
    Role {
        account: AccountId,
        email: String,
        me: Me,
    },
}

crate::json::tagged!(Viewer, "viewer");

impl Viewer {
    /// The account that is signed in.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Guest => None,
            Self::Account { account, .. } | Self::Role { account, .. } => Some(*account),
        }
    }

    /// The role that its account has.
    #[must_use]
    pub const fn me(&self) -> Option<&Me> {
        match self {
            Self::Role { me, .. } => Some(me),
            Self::Guest | Self::Account { .. } => None,
        }
    }
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Near {
    pub node: NodeRow,
    /// Metres from the camera's centre.
    pub distance_m: u32,
    /// Threads and yarns that hold it.
    pub threads: u32,
}

/// What the open panel is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), serde(tag = "detail"))]
#[cfg_attr(target_family = "wasm", serde(remote = "Self"))]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    None,
    Node {
        node: NodeRow,
        threads: Vec<ThreadRow>,
        /// What its text says, as HTML of the server's own making; empty where nothing in it is marked up, where the server has not
        /// been asked, and in the data beside a document, which has it in its place already.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        prose: String,
        /// Its conversation; none: not asked for, the live channel brings it.
        #[serde(default)]
        talk: Option<TalkPage>,
    },
    Role {
        role: RoleDetail,
        threads: Vec<RoleThread>,
    },
    Thread {
        thread: ThreadRow,
        /// What it leads to.
        end: End,
    },
    /// A panel that the server has drawn; the client shows it and knows nothing of what is in it.
    Served {
        title: String,
        /// All below the title, of the server's own making, with everything that people wrote escaped. Empty in the data
        /// beside a document, which has it in its place already.
        html: String,
        /// What its buttons are about, so that the client can ask the domain and show what is on its way.
        node: Option<Box<NodeRow>>,
    },
    Search {
        search: Search,
        /// In the order that is asked for.
        hits: Vec<Hit>,
        /// The server could not look just now; what is there is not its answer.
        #[serde(default, skip_serializing_if = "crate::wire::is_false")]
        is_failed: bool,
    },
    /// There is no such knot, role or thread (or not yet: it may wait in this browser's outbox).
    Missing,
}

crate::json::tagged!(Detail, "detail");

/// What a thread leads to, with all that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    Node(Box<NodeRow>),
    Role(Met),
}

impl End {
    /// The knot, where it is one.
    #[must_use]
    pub fn node(&self) -> Option<&NodeRow> {
        match self {
            Self::Node(node) => Some(node),
            Self::Role(_) => None,
        }
    }

    /// A knot's title, or a role's name.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Node(node) => &node.title,
            Self::Role(met) => &met.name,
        }
    }
}

/// What a button carries as data, in `data-act`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    pub act: Act,
    /// The path of the panel that opens once the act is kept; none: what is open stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
}

/// Some messages of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TalkPage {
    /// The newest first.
    pub messages: Vec<MessageRow>,
    /// All of them were said before this one; none: they are the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<MessageId>,
}

/// A role's public face.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleDetail {
    pub role: RoleId,
    pub name: String,
    pub placed: Placed,
    pub place: Option<Place>,
    pub registered_at: Millis,
    #[serde(default)]
    pub profile: Profile,
    /// As the map shows it; none where hidden.
    pub spool: Option<SpoolRow>,
    #[serde(default)]
    pub standing: Standing,
    /// Whom it vouches for or has confirmed, the newest first.
    #[serde(default)]
    pub vouches_for: Vec<Met>,
}

/// A role's thread with the title of its knot, or the name of the role that it leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleThread {
    pub thread: ThreadRow,
    pub title: String,
}
