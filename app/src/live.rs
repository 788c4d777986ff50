//! All that the page shows, in one signal: the server fills it from a [`Page`], `frontend` keeps it going.

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::decide::decide;
use domain::id::{CommandId, MessageId, NodeId, PictureId, RoleId, ThreadId};
use domain::link::{Camera, Panel};
use domain::page::{Detail, End, Page, RoleDetail, SignInStep, Viewer};
use domain::place::Place;
use domain::problem::ProblemKind;
use domain::refusal::Refusal;
use domain::spool::{Placed, Profile};
use domain::talk::{MessageRow, put};
use domain::time::Millis;
use domain::view::{CellView, Me, NodeRow, ThreadRow, ViewFacts};
use domain::weave::{Covers, ParticularsChange, Target};
use domain::wire::LineState;
use leptos::prelude::RwSignal;

use crate::ports::Ports;
use crate::talk::{Talk, read_to};

/// The zoom from which on a point of the map is meant by who points at it, in hundredths: a pixel is some 13 metres in our latitudes.
pub const PLACING_ZOOM_CENTI: u16 = 1200;

/// The zoom at which one sees what is at a place, in hundredths.
pub const NEAR_ZOOM_CENTI: u16 = 1500;

/// The state with the ports, handed to whoever acts.
#[derive(Clone, Copy)]
pub struct Live {
    pub state: RwSignal<State>,
    pub ports: &'static dyn Ports,
}

impl core::fmt::Debug for Live {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Live").finish_non_exhaustive()
    }
}

/// All that the page shows. Every field is true on the server too; `frontend` changes them and the page
/// follows.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The last page of the server. On navigation `panel` changes at once and `detail` when it has come;
    /// `camera` follows the map.
    pub page: Page,
    /// The rows that are shown: rooms held, the page's own rows, and one's pending acts folded in.
    pub view: CellView,
    /// What is listened to of the map's view.
    pub heard: Heard,
    /// All rooms of the view are held, and the open panel's subject lies in none of them.
    pub unheard: bool,
    /// One's own role, pending changes folded in.
    pub me: Option<Me>,
    /// The role whose page is open, pending acts folded in.
    pub role: Option<RoleDetail>,
    /// The server's time, moved on every half minute.
    pub now: Millis,
    /// One's acts that no confirmed state shows yet, oldest first.
    pub waiting: Vec<Waiting>,
    /// Acts in this browser that wait for whoever wrote them to sign in.
    pub others_waiting: usize,
    /// Acts of others in this browser that came back.
    pub others_back: usize,
    /// Acts in this browser that another version of this page has written, whoever did them.
    pub unreadable: usize,
    pub line: LineState,
    /// Whether the script has taken over; what only it can do is offered then.
    pub awake: bool,
    /// The map cannot be drawn here; the list stays.
    pub mapless: bool,
    /// Where the page began to look, which is what the server drew.
    pub begun: Camera,
    /// The open panel's subject is being asked for.
    pub loading: bool,
    /// The last question to the server went without an answer; it is asked again.
    pub away: bool,
    pub sheet: Sheet,
    pub sign_in: SignIn,
    pub notice: Option<Notice>,
    /// The form that was refused before it left, and why.
    pub refused: Option<(Form, Denied)>,
    /// The form of the open panel that was sent last, to say what became of it.
    pub sent: Option<Form>,
    /// What one's role said of itself when its form began, or when that was sent: what differs from it is changed.
    pub profile_before: Profile,
    /// The field of the open form that a rule says no to.
    pub flawed: Option<&'static str>,
    /// The point chosen on the map for the open form; else the map's middle is meant.
    pub chosen: Option<Place>,
    /// What the open form begins with.
    pub draft: Option<Draft>,
    /// The title that is being typed into the form to weave.
    pub title: String,
    /// The conversation of the open knot.
    pub talk: Talk,
    /// What was found is what this device has: the server could not be asked, or could not look.
    pub found_here: bool,
}

/// What is listened to of what the map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Rooms are on their way; until they are there the page's own rows are shown.
    NotYet,
    /// The map shows too much for rooms: nothing is.
    Nothing,
    /// How many knots there are where.
    Counts,
    /// All that is there, so that the list is made from [`State::view`] alone.
    Things,
}

/// One act in the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    pub command: Command,
    pub stage: Stage,
}

impl Waiting {
    /// Whether it knots, changes, joins, talks at, twists or untwists that knot, covers it, or changes what one said there.
    #[must_use]
    pub fn is_about(&self, id: NodeId) -> bool {
        match &self.command.act {
            Act::KnotNode { node, .. }
            | Act::ChangeNode { node, .. }
            | Act::AddPicture { node, .. }
            | Act::RemovePicture { node, .. }
            | Act::JoinNode { node, .. }
            | Act::SendMessage { node, .. }
            | Act::ChangeMessage { node, .. }
            | Act::WithdrawMessage { node, .. } => *node == id,
            Act::TwistThread { target, .. }
            | Act::UntwistThread { target, .. }
            | Act::CoverYarn { target, .. } => *target == Target::Node(id),
            Act::RegisterRole { .. }
            | Act::RenameRole { .. }
            | Act::PlaceRole { .. }
            | Act::DescribeRole { .. }
            | Act::PortrayRole { .. }
            | Act::VouchFor { .. }
            | Act::WithdrawVouch { .. }
            | Act::GrantRight { .. }
            | Act::RevokeRight { .. }
            | Act::SetVouches { .. }
            | Act::DescribeCommunity { .. } => false,
        }
    }

    /// Whether it vouches for that role, or does so no more.
    #[must_use]
    pub fn is_about_role(&self, id: RoleId) -> bool {
        matches!(self.command.act, Act::VouchFor { role } | Act::WithdrawVouch { role } if role == id)
    }

    /// Whether it may still happen; a refused one or one set aside does not.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self.stage {
            Stage::Kept { .. } | Stage::Sending | Stage::Accepted => true,
            Stage::Refused { .. } | Stage::SetAside(_) => false,
        }
    }
}

/// How far an act has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Kept in this browser; the last problem says why it has not arrived.
    Kept { problem: Option<ProblemKind> },
    /// On its way right now.
    Sending,
    /// The server has it; the page waits for the state that includes it.
    Accepted,
    /// A rule said no for good; the text is kept.
    Refused {
        refusal: Refusal,
        /// Where somebody else changed the knot meanwhile: how it is now.
        other: Option<Box<NodeRow>>,
    },
    /// The server could not read it; the next one goes on.
    SetAside(ProblemKind),
}

/// How much of a phone's screen the panel takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    Low,
    Half,
    Full,
}

/// Where signing in stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    pub step: SignInStep,
    pub busy: bool,
    pub problem: Option<ProblemKind>,
    /// What was not sent because it can't be right.
    pub flaw: Option<Flaw>,
    /// Another mail is on its way to the same address.
    pub again: bool,
}

/// A field that can't be right as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    Email,
    Code,
}

/// Something the page says once, above the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The browser refuses to keep acts (private mode, no space): nothing was submitted.
    NotKept,
    /// The person or the device does not tell where it is.
    NoLocation,
}

/// A form with rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Weave,
    Register,
    Rename,
    Describe,
    Place,
    Talk,
    Change,
    /// A button about the open knot.
    Act,
}

/// Why a form was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// A rule of the domain.
    Rule(Refusal),
    /// The map shows too much for a point of it to be meant.
    TooFarOut,
}

/// What the open form begins with: an act that came back and is edited again, or a knot that is changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub act: Act,
    /// Of a change: the knot as it was seen when this began. What differs from it is changed.
    pub base: Option<Box<NodeRow>>,
    /// The act that came back, which this one replaces.
    pub replaces: Option<CommandId>,
}

impl State {
    /// The first state: a pure function of the page, the same on both sides.
    #[must_use]
    pub fn new(page: Page) -> Self {
        let me = page.viewer.me().cloned();
        let sign_in = SignIn {
            step: page.sign_in.clone(),
            busy: false,
            problem: None,
            flaw: None,
            again: false,
        };
        let profile_before = me.as_ref().map(|me| me.profile.clone()).unwrap_or_default();
        let mut state = Self {
            view: rows(&page),
            heard: Heard::NotYet,
            unheard: false,
            me,
            role: role(&page.detail),
            now: page.now,
            waiting: Vec::new(),
            others_waiting: 0,
            others_back: 0,
            unreadable: 0,
            // Nothing is live before the channel is.
            line: LineState::Reconnecting,
            awake: false,
            mapless: false,
            begun: page.camera,
            loading: false,
            away: false,
            sheet: Sheet::Half,
            sign_in,
            notice: None,
            refused: None,
            sent: None,
            profile_before,
            flawed: None,
            chosen: None,
            draft: None,
            title: String::new(),
            talk: Talk {
                known: true,
                read: read_to(&page),
                ..Talk::default()
            },
            found_here: false,
            page,
        };
        state.begin_change();
        state
    }

    /// Goes on with the open form where it was left: with the point that was chosen in it, unless another one is by now, and with the
    /// version of its knot that whoever typed has seen.
    pub fn go_on_typing(&mut self, chosen: Option<Place>, version: u32) {
        if self.placing() {
            self.chosen = self.chosen.or(chosen);
        }
        let base = self.draft.as_mut().and_then(|draft| draft.base.as_mut());
        if let Some(base) = base {
            base.version = base.version.min(version);
        }
    }

    /// Begins the change of the open knot, once the knot is at hand.
    pub fn begin_change(&mut self) {
        let Panel::Change(id) = self.page.panel else {
            return;
        };
        let Some(row) = self.node(id).cloned().map(Box::new) else {
            return;
        };
        match &mut self.draft {
            Some(draft) if matches!(draft.act, Act::ChangeNode { node, .. } if node == id) => {
                draft.base.get_or_insert(row);
            }
            draft => {
                *draft = Some(Draft {
                    act: Act::ChangeNode {
                        node: id,
                        based_on: row.version,
                        kind: None,
                        title: None,
                        text: None,
                        place: None,
                        starts_at: None,
                        particulars: ParticularsChange::default(),
                    },
                    base: Some(row),
                    replaces: None,
                });
            }
        }
    }

    /// The knot that the open form changes, as it was seen when that began.
    #[must_use]
    pub fn base(&self) -> Option<&NodeRow> {
        match self.page.panel {
            Panel::Change(id) => {
                let base = self.draft.as_ref()?.base.as_deref()?;
                (base.id == id).then_some(base)
            }
            _ => None,
        }
    }

    /// The other version of a knot that came back with a change of one's own: what came with the refusal, or
    /// what is newer.
    #[must_use]
    pub fn other_version<'a>(&'a self, waiting: &'a Waiting) -> Option<&'a NodeRow> {
        let Stage::Refused {
            refusal: Refusal::NodeChanged { version },
            other,
        } = &waiting.stage
        else {
            return None;
        };
        let Act::ChangeNode { node, .. } = waiting.command.act else {
            return None;
        };
        let (told, shown) = (other.as_deref(), self.node(node));
        let newest = match (told, shown) {
            (Some(told), Some(shown)) if told.version > shown.version => Some(told),
            (told, shown) => shown.or(told),
        };
        newest.filter(|row| row.version >= *version)
    }

    /// Lets go of the messages that the conversation's form or a button is about, where one may not do that with them any more.
    pub fn settle_talk(&mut self) {
        let me = self.me.as_ref().map(|me| me.role);
        let row = |id: MessageId| self.view.messages.iter().find(|row| row.id == id);
        let stands = |row: &MessageRow| me.is_some() && !row.is_withdrawn;
        let is_own = |row: &MessageRow| stands(row) && me == Some(row.role);
        let talk = &mut self.talk;
        // Of one that is not at hand any more nothing is known: what was typed stays.
        let is_over = |id| me.is_none() || row(id).is_some_and(|row| !is_own(row));
        talk.changing = talk.changing.filter(|id| !is_over(*id));
        talk.withdrawing = talk.withdrawing.filter(|id| row(*id).is_some_and(is_own));
        talk.reply_to = talk.reply_to.filter(|id| row(*id).is_some_and(stands));
    }

    /// The point that an open form means; none while the map is too far out.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        let camera = &self.page.camera;
        let middle = || (is_near(camera) && !self.keeps_unseen()).then_some(camera.centre);
        self.chosen.or(self.kept_place()).or_else(middle)
    }

    /// The point that what the open form is about has already: a knot's, or that of one's role where it is shown exactly. Elsewhere
    /// the true one is not known here.
    #[must_use]
    pub fn kept_place(&self) -> Option<Place> {
        let own = || {
            let me = self.me.as_ref().filter(|_| self.page.panel == Panel::Me)?;
            me.place.filter(|_| me.placed == Placed::Exact)
        };
        self.base().map(|base| base.place).or_else(own)
    }

    /// Whether the form is about a role whose true point is kept, and not known here: without another one it stays.
    #[must_use]
    pub fn keeps_unseen(&self) -> bool {
        let me = self.me.as_ref().filter(|_| self.page.panel == Panel::Me);
        me.is_some_and(|me| matches!(me.placed, Placed::Radius { .. }))
    }

    /// One's acts that came back and wait for their author.
    pub fn back(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter().filter(|waiting| !waiting.is_open())
    }

    /// Whether the open panel asks for a point, so that the map marks [`State::place`] and a tap chooses it.
    #[must_use]
    pub fn placing(&self) -> bool {
        matches!(self.page.panel, Panel::Weave) && self.me.is_some()
            || self.me.is_some()
                && self.base().is_some_and(|base| {
                    let judged = self.may_change(base);
                    !matches!(
                        judged,
                        Err(Refusal::NodeNotYours { .. } | Refusal::NodeCovered)
                    )
                })
            || matches!(self.page.panel, Panel::Me) && !matches!(self.page.viewer, Viewer::Guest)
    }

    /// A knot as it is shown: live, else as the page has it.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&NodeRow> {
        self.view.nodes.get(&id).or(match &self.page.detail {
            Detail::Node { node, .. } if node.id == id => Some(node),
            Detail::Served {
                node: Some(node), ..
            } if node.id == id => Some(node),
            _ => None,
        })
    }

    /// What that knot says as the server has written it out, where it has and that is what it says now.
    #[must_use]
    pub fn prose(&self, node: &NodeRow) -> Option<&str> {
        match &self.page.detail {
            Detail::Node {
                node: told, prose, ..
            } if told.id == node.id && told.text == node.text => {
                Some(prose.as_str()).filter(|prose| !prose.is_empty())
            }
            _ => None,
        }
    }

    /// A thread with what it leads to, as they are shown: live, else as the page has them.
    #[must_use]
    pub fn thread(&self, id: ThreadId) -> Option<(&ThreadRow, Tied<'_>)> {
        let (told, end) = match &self.page.detail {
            Detail::Thread { thread, end } if thread.id == id => (Some(thread), Some(end)),
            _ => (None, None),
        };
        let thread = self.view.threads.get(&id).or(told)?;
        let tied = match thread.target {
            Target::Node(id) => {
                let node = self.view.nodes.get(&id);
                Tied::Node(node.or_else(|| end.and_then(End::node))?)
            }
            Target::Role(id) => Tied::Role(id, self.name(id)?),
        };
        Some((thread, tied))
    }

    /// What a role is called, where it is shown.
    #[must_use]
    pub fn name(&self, id: RoleId) -> Option<&str> {
        let spool = self.view.spools.get(&id).map(|spool| &*spool.name);
        let told = || match &self.page.detail {
            Detail::Role { role, .. } if role.role == id => Some(&*role.name),
            Detail::Thread {
                end: End::Role(met),
                ..
            } if met.role == id => Some(&*met.name),
            _ => None,
        };
        spool.or_else(told)
    }

    /// What the domain says about changing that knot at all; nothing else of a change is asked.
    ///
    /// # Errors
    /// Who may, where one may not.
    pub fn may_change(&self, node: &NodeRow) -> Result<(), Refusal> {
        let change = Act::ChangeNode {
            node: node.id,
            based_on: node.version,
            kind: None,
            title: Some(String::from("?")),
            text: None,
            place: None,
            starts_at: None,
            particulars: ParticularsChange::default(),
        };
        match self.judge(change) {
            // Somebody else was quicker; that is another question.
            Err(Refusal::NodeChanged { .. }) => Ok(()),
            judged => judged,
        }
    }

    /// Whether the domain lets one's role bring a picture to that knot; where it has no room for more, to take some from it.
    #[must_use]
    pub fn may_picture(&self, node: &NodeRow) -> bool {
        // Any picture: which one it will be is not known yet.
        let add = Act::AddPicture {
            node: node.id,
            picture: PictureId(uuid::Uuid::nil()),
            alt: None,
        };
        matches!(
            self.judge(add),
            Ok(()) | Err(Refusal::TooManyPictures { .. })
        )
    }

    /// Whether one's yarn may cover something of what that thread holds; of a role nothing is covered.
    #[must_use]
    pub fn may_cover(&self, thread: &ThreadRow) -> bool {
        if thread.target.node().is_none() {
            return false;
        }
        let (thread, target, covers) = (thread.id, thread.target, Covers::ALL);
        let twist = Act::TwistThread {
            thread,
            target,
            covers: Some(covers.clone()),
        };
        let judged = match self.judge(twist) {
            Err(Refusal::AlreadyTwisted) => self.judge(Act::CoverYarn {
                thread,
                target,
                covers,
            }),
            judged => judged,
        };
        // The rules of the thread itself are another question.
        !matches!(
            judged,
            Err(Refusal::NodeNotYours { .. } | Refusal::StructureStays | Refusal::NothingToCover)
        )
    }

    /// What the domain says about an act of one's role on what is shown.
    ///
    /// # Errors
    /// The rule that says no.
    pub fn judge(&self, act: Act) -> Result<(), Refusal> {
        let by = self
            .me
            .as_ref()
            .map_or(RoleId(uuid::Uuid::nil()), |me| me.role);
        let command = Command {
            id: CommandId(uuid::Uuid::nil()),
            v: COMMAND_VERSION,
            by,
            issued_at: self.now,
            act,
        };
        // A page may know of a knot before the rooms do.
        let of_page = match &self.page.detail {
            Detail::Node { node, .. } if !self.view.nodes.contains_key(&node.id) => {
                Some(rows(&self.page))
            }
            _ => None,
        };
        let facts = ViewFacts {
            view: of_page.as_ref().unwrap_or(&self.view),
            me: self.me.as_ref(),
            role: self.role.as_ref(),
        };
        decide(&facts, &command, self.now).map(|_| ())
    }
}

/// What a thread leads to, as it is shown.
#[derive(Clone, Copy, Debug)]
pub enum Tied<'a> {
    Node(&'a NodeRow),
    Role(RoleId, &'a str),
}

/// The role that a page is about.
#[must_use]
pub fn role(detail: &Detail) -> Option<RoleDetail> {
    match detail {
        Detail::Role { role, .. } => Some(role.clone()),
        _ => None,
    }
}

/// Whether a finger's breadth of what the map shows is a place, and not a whole town.
#[must_use]
pub const fn is_near(camera: &Camera) -> bool {
    camera.zoom_centi >= PLACING_ZOOM_CENTI
}

/// The rows that a page carries; `frontend` merges them with those of the rooms.
#[must_use]
pub fn rows(page: &Page) -> CellView {
    let mut view = CellView::default();
    for near in &page.near {
        view.nodes.insert(near.node.id, near.node.clone());
    }
    match &page.detail {
        Detail::Node {
            node,
            threads,
            talk,
            ..
        } => {
            if node.dissolved_at.is_none() {
                view.nodes.insert(node.id, node.clone());
            }
            for thread in threads {
                view.threads.insert(thread.id, thread.clone());
            }
            // A page of older ones is shown as it is.
            if let Some(talk) = talk.as_ref().filter(|talk| talk.before.is_none()) {
                for message in &talk.messages {
                    put(&mut view.messages, message.clone());
                }
            }
        }
        Detail::Role { role, threads } => {
            if let Some(spool) = &role.spool {
                view.spools.insert(spool.role, spool.clone());
            }
            for thread in threads {
                view.threads.insert(thread.thread.id, thread.thread.clone());
            }
        }
        Detail::Thread { thread, end } => {
            if let Some(node) = end.node().filter(|node| node.dissolved_at.is_none()) {
                view.nodes.insert(node.id, node.clone());
            }
            view.threads.insert(thread.id, thread.clone());
        }
        Detail::Served {
            node: Some(node), ..
        } => {
            if node.dissolved_at.is_none() {
                view.nodes.insert(node.id, (**node).clone());
            }
        }
        Detail::None
        | Detail::Served { node: None, .. }
        | Detail::Search { .. }
        | Detail::Missing => {}
    }
    view
}
