//! The one client of this page: what it holds, and how that becomes the state that the views show.

use std::cell::{Cell, RefCell};

use app::live::{Heard, Live, Notice, Stage, State, Waiting, role, rows};
use app::talk::{Talk, asked_before, open_talk, read_to};
use domain::command::Act;
use domain::cursor::Cursor;
use domain::id::{CommandId, MessageId};
use domain::link::{Camera, Panel};
use domain::page::{Detail, Page, Viewer};
use domain::search::Search;
use domain::time::Millis;
use domain::view::{CellView, Me};
use domain::weave::{Target, is_marked};
use domain::wire::LineState;
use leptos::prelude::{Update, WithUntracked};
use leptos::task::spawn_local;

use crate::browser::{self, Timer};
use crate::line::Line;
use crate::outbox::author::Author;
use crate::outbox::disk::Disk;
use crate::outbox::entry::{Entry, EntryState, Stored};
use crate::outbox::queue::{Entries, arrived, merged, put};
use crate::prose::Written;
use crate::rooms::Rooms;
use crate::shown::{Shown, feed, show};
use crate::talk::held::Held;

/// How often the time that the page shows moves on, in milliseconds.
const CLOCK_EVERY_MS: i64 = 30_000;

/// Everything that this page holds beside what it shows.
pub(crate) struct Client {
    pub(crate) live: Live,
    pub(crate) disk: Disk,
    pub(crate) entries: RefCell<Entries>,
    pub(crate) sender: crate::sender::Sender,
    pub(crate) rooms: RefCell<Rooms>,
    pub(crate) line: RefCell<Line>,
    pub(crate) talk: RefCell<Held>,
    pub(crate) read: crate::talk::Read,
    /// The open panel shows what was said before this message, as its address says.
    pub(crate) before: Cell<Option<MessageId>>,
    /// What the address of the panel to search asks for.
    pub(crate) search: RefCell<Search>,
    /// What was found last, for whoever comes back to it.
    pub(crate) found: RefCell<Detail>,
    /// What the server has written out of texts.
    pub(crate) prose: RefCell<Written>,
    /// One's own role as the server last told it.
    pub(crate) me: RefCell<Option<Me>>,
    pub(crate) map_open: Cell<bool>,
    /// Where somebody wants to look while the map is still opening.
    pub(crate) ahead: Cell<Option<Camera>>,
    /// Where the page's list was asked for; it is asked for anew where nothing else tells what is near.
    pub(crate) listed: Cell<Camera>,
    /// Counts navigations: an answer that comes late belongs to none.
    pub(crate) step: Cell<u32>,
    /// Fruitless questions for a page since the last answer.
    pub(crate) asked_in_vain: Cell<u32>,
    /// An act is being written to disk.
    pub(crate) keeping: Cell<bool>,
    /// What goes once it is there.
    pub(crate) discarded: RefCell<Vec<CommandId>>,
    /// Counts what this tab has written to disk: what was read before that is old.
    written: Cell<u32>,
    /// Where the live channel is.
    at: Cell<Option<Cursor>>,
    shown: RefCell<Shown>,
    /// What the map has been told.
    drawn: RefCell<Shown>,
    /// The server's clock minus this device's, in milliseconds.
    offset: Cell<i64>,
}

thread_local! {
    static CLIENT: Cell<Option<&'static Client>> = const { Cell::new(None) };
}

/// Makes the client; it lives as long as the page.
pub(crate) fn begin(live: Live) -> &'static Client {
    let page_now = live.state.with_untracked(|state| state.page.now);
    let camera = live.state.with_untracked(|state| state.page.camera);
    let device = browser::clock() as i64;
    let client: &'static Client = Box::leak(Box::new(Client {
        live,
        disk: Disk::default(),
        entries: RefCell::default(),
        sender: crate::sender::Sender::default(),
        rooms: RefCell::default(),
        talk: RefCell::default(),
        read: crate::talk::Read::as_of(page_now),
        before: Cell::new(
            live.state
                .with_untracked(|state| asked_before(&state.page.detail)),
        ),
        search: RefCell::new(live.state.with_untracked(crate::search::open)),
        found: RefCell::new(live.state.with_untracked(|state| state.page.detail.clone())),
        prose: RefCell::default(),
        line: RefCell::new(Line::new(page_now, !browser::is_online())),
        me: RefCell::new(live.state.with_untracked(|state| state.me.clone())),
        map_open: Cell::new(false),
        ahead: Cell::new(None),
        listed: Cell::new(camera),
        step: Cell::new(0),
        asked_in_vain: Cell::new(0),
        keeping: Cell::new(false),
        discarded: RefCell::default(),
        written: Cell::new(0),
        at: Cell::new(None),
        shown: RefCell::default(),
        drawn: RefCell::default(),
        offset: Cell::new(page_now.0 - device),
    }));
    CLIENT.set(Some(client));
    live.state
        .with_untracked(|state| client.keep_prose(&state.page));
    client
}

/// The client, once it exists.
pub(crate) fn client() -> Option<&'static Client> {
    CLIENT.get()
}

impl Client {
    /// The server's time as far as this device knows it.
    pub(crate) fn now(&self) -> Millis {
        Millis(browser::clock() as i64 + self.offset.get())
    }

    /// The server's clock minus this device's, in milliseconds.
    pub(crate) fn offset(&self) -> i64 {
        self.offset.get()
    }

    /// The server has told its time.
    pub(crate) fn set_clock(&self, now: Millis) {
        self.offset.set(now.0 - browser::clock() as i64);
    }

    /// Moves the time on that the page shows.
    pub(crate) fn tick(&self) {
        let now = self.now();
        self.change(|state| state.now = now);
        browser::wake_in(Timer::Clock, CLOCK_EVERY_MS);
        if let Some(client) = client() {
            crate::talk::ask_unread(client);
        }
    }

    /// Changes what is shown.
    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        self.live.state.update(change);
    }

    pub(crate) fn notice(&self, notice: Notice) {
        self.change(|state| state.notice = Some(notice));
    }

    /// Takes a page that the server has just made.
    pub(crate) fn take_page(&'static self, page: Page) {
        let before = self.author();
        self.keep_prose(&page);
        self.me.replace(page.viewer.me().cloned());
        self.change(|state| {
            state.page = page;
            state.talk.read = state.talk.read.or(read_to(&state.page));
        });
        self.end_arrived();
        self.refresh();
        if self.author() != before {
            // The line was opened by another session.
            crate::socket::renew();
            // What they wrote has waited for them.
            crate::sender::hurry();
        }
    }

    fn keep_prose(&self, page: &Page) {
        if let Detail::Node { node, prose, .. } = &page.detail {
            self.prose.borrow_mut().keep(node.id, &node.text, prose);
        }
    }

    /// Who is signed in.
    pub(crate) fn author(&self) -> Option<Author> {
        self.live.state.with_untracked(|state| {
            let viewer = &state.page.viewer;
            Some(Author {
                account: viewer.account()?,
                role: viewer.me().map(|me| me.role),
            })
        })
    }

    /// One's own role as the live channel tells it. Where that is not whom the page knows, who it is, is the
    /// server's to say.
    pub(crate) fn take_me(&self, me: Option<Me>) {
        let (mut strange, mut takes) = (false, false);
        self.change(|state| {
            let viewer = &mut state.page.viewer;
            let known = viewer.me().map(|me| me.role);
            strange = known != me.as_ref().map(|me| me.role);
            let (
                Viewer::Account { account, email } | Viewer::Role { account, email, .. },
                Some(me),
            ) = (viewer.clone(), me.clone())
            else {
                return;
            };
            // It has registered just now, or its own facts have changed.
            takes = known.is_none() || !strange;
            if takes {
                *viewer = Viewer::Role { account, email, me };
            }
        });
        if takes {
            self.me.replace(me);
        }
        if strange {
            crate::navigate::reload();
        }
    }

    /// Decides again what is shown, after anything has changed.
    pub(crate) fn refresh(&self) {
        let is_known = self.listen_to_open_talk();
        let (view, heard, complete) = {
            let rooms = self.rooms.borrow();
            let held = rooms.is_held();
            let page = self
                .live
                .state
                .with_untracked(|state| page_rows(&state.page, held));
            let mut view = rooms.merged_over(page);
            view.messages = self.talk.borrow().rows().to_vec();
            let heard = if rooms.too_wide {
                Heard::Nothing
            } else if held {
                Heard::Things
            } else if rooms.counts() && (rooms.has_all_cells() || !view.counts.is_empty()) {
                Heard::Counts
            } else {
                Heard::NotYet
            };
            (view, heard, rooms.has_all_cells())
        };
        let author = self.author();
        let shown = show(
            view,
            self.me.borrow().clone(),
            self.live
                .state
                .with_untracked(|state| role(&state.page.detail)),
            &self.entries.borrow(),
            author,
        );
        let (waiting, [others, others_back, unreadable]) = self.waiting(author);
        let (view, me, role) = (shown.view.clone(), shown.me.clone(), shown.role.clone());
        self.shown.replace(shown);
        self.draw();
        let now = self.now();
        let (mut gone, mut unlisted, mut outdated) = (false, false, false);
        self.change(|state| {
            // The open knot has come undone: only the server can tell when.
            gone = match state.page.panel {
                Panel::Node(id) => {
                    state.view.nodes.contains_key(&id) && !view.nodes.contains_key(&id)
                }
                Panel::Thread(id) => {
                    state.view.threads.contains_key(&id) && !view.threads.contains_key(&id)
                }
                _ => false,
            };
            // It may never have been: what was only predicted is told no more.
            if gone && matches!(state.page.panel, Panel::Thread(_)) {
                state.page.detail = Detail::None;
            }
            outdated = is_outdated(state, &view) || is_rough(state, &view);
            state.view = view;
            state.me = me;
            state.role = role;
            state.heard = heard;
            state.unheard = complete && self.is_unheard(&state.page.panel, &state.view);
            state.waiting = waiting;
            state.others_waiting = others;
            state.others_back = others_back;
            state.unreadable = unreadable;
            state.now = now;
            state.talk.known = is_known;
            state.settle_talk();
            state.begin_change();
            unlisted = state.page.panel == Panel::Home
                && state.page.camera != self.listed.get()
                && match heard {
                    Heard::NotYet => state.line == LineState::Deaf,
                    Heard::Nothing => true,
                    // Where the nearest is, if not here.
                    Heard::Counts => state.view.counts.is_empty(),
                    Heard::Things => state.view.nodes.is_empty(),
                };
        });
        if gone || unlisted || outdated {
            crate::navigate::reload();
        }
        if let Some(client) = client() {
            crate::talk::look(client);
        }
    }

    /// Holds the conversation of the open knot, and what is at hand of it. Returns whether that is so much as the newest.
    fn listen_to_open_talk(&self) -> bool {
        let open = self
            .live
            .state
            .with_untracked(|state| open_talk(state.page.panel, &state.page.detail));
        let mut held = self.talk.borrow_mut();
        if held.node() != open {
            held.open(open);
            self.change(|state| {
                // What is written again opened it.
                let draft = state.talk.draft.take();
                state.talk = Talk {
                    draft,
                    read: read_to(&state.page),
                    ..Talk::default()
                };
            });
        }
        if self.rooms.borrow_mut().open(open, self.now()) {
            crate::socket::wish(self);
        }
        self.live.state.with_untracked(|state| {
            if let Detail::Node {
                node,
                talk: Some(page),
                ..
            } = &state.page.detail
                && Some(node.id) == open
            {
                held.take_page(&page.messages);
            }
        });
        if let Some(room) = self.rooms.borrow().said() {
            held.take_room(&room.messages);
        }
        open.is_none() || held.is_known()
    }

    /// Tells the map what has changed since it was last told.
    pub(crate) fn draw(&self) {
        if !self.map_open.get() {
            return;
        }
        let (lens, me) = self.live.state.with_untracked(|state| {
            let me = state.me.as_ref().map(|me| me.role);
            (state.page.lens, me)
        });
        let seen = self.shown.borrow().through(lens, me, self.now());
        let text =
            feed(&self.drawn.borrow(), &seen).and_then(|feed| serde_json::to_string(&feed).ok());
        if let Some(text) = text {
            browser::map_feed(&text);
            self.drawn.replace(seen);
        }
    }

    /// Whether the confirmed rooms or one's own pending acts show this knot, so that nothing needs fetching.
    pub(crate) fn knows(&self, node: domain::id::NodeId) -> bool {
        let shown = self.shown.borrow();
        let held = |row: &domain::view::NodeRow| self.rooms.borrow().holds(row.place);
        shown.is_on_its_way(node) || shown.view.nodes.get(&node).is_some_and(held)
    }

    /// Whether the open knot, or that of the open thread, lies in no room that is held; one that is only predicted is one's own to know.
    fn is_unheard(&self, panel: &Panel, view: &CellView) -> bool {
        let node = match panel {
            Panel::Node(id) => Some(*id),
            Panel::Thread(id) => (view.threads.get(id)).and_then(|thread| thread.target.node()),
            _ => None,
        };
        let Some(id) = node else { return false };
        view.nodes.get(&id).is_some_and(|row| {
            !self.rooms.borrow().holds(row.place) && !self.shown.borrow().is_on_its_way(id)
        })
    }

    /// The author's own acts, and how many of others wait, how many came back, and how many can't be read.
    fn waiting(&self, author: Option<Author>) -> (Vec<Waiting>, [usize; 3]) {
        let (mut own, mut counts) = (Vec::new(), [0; 3]);
        for (seq, stored) in self.entries.borrow().iter() {
            let Some(entry) = stored.act() else {
                counts[2] += 1;
                continue;
            };
            if self.page_shows(entry) {
                continue;
            }
            if author.is_some_and(|author| author.wrote(entry)) {
                own.push(Waiting {
                    command: entry.command.clone(),
                    stage: stage(*seq, entry, &self.sender),
                });
            } else {
                match entry.state {
                    EntryState::Waiting => counts[0] += 1,
                    EntryState::Refused { .. } | EntryState::Aside { .. } => counts[1] += 1,
                    EntryState::Receipt { .. } => {}
                }
            }
        }
        (own, counts)
    }

    /// Whether it was accepted, and the page that the server has made since includes it.
    fn page_shows(&self, entry: &Entry) -> bool {
        let page = self.live.state.with_untracked(|state| state.page.cursor);
        matches!(&entry.state, EntryState::Receipt { cursor } if page.reaches(cursor))
    }

    /// Whether nothing but another page can tell that what was accepted is there.
    pub(crate) fn is_owed_a_page(&self) -> bool {
        let mut is_live = false;
        (self.live.state).with_untracked(|state| is_live = state.line == LineState::Live);
        !is_live
            && self.entries.borrow().iter().any(|(_, stored)| {
                stored.act().is_some_and(|entry| {
                    matches!(entry.state, EntryState::Receipt { .. }) && !self.page_shows(entry)
                })
            })
    }

    /// Reads the outbox from disk; another tab may have changed it. Returns whether it could be read.
    pub(crate) async fn load(&'static self) -> bool {
        loop {
            let written = self.written.get();
            let Ok(disk) = self.disk.list().await else {
                return false;
            };
            if self.written.get() == written {
                let known = self.entries.take();
                self.entries.replace(merged(disk, known));
                break;
            }
        }
        if let Some(author) = self.author() {
            let claimed = author.claim(&mut self.entries.borrow_mut());
            for seq in claimed {
                self.write(seq).await;
            }
        }
        self.end_arrived();
        self.refresh();
        true
    }

    /// Keeps an act on disk, then here. Returns whether it could be kept.
    pub(crate) async fn keep(&self, entry: Entry) -> bool {
        let Ok(text) = serde_json::to_string(&entry) else {
            return false;
        };
        let Ok(seq) = self.disk.append(&text).await else {
            return false;
        };
        self.wrote();
        put(
            &mut self.entries.borrow_mut(),
            seq,
            Stored::Act(Box::new(entry)),
        );
        true
    }

    /// Gives an act a new state, here and on disk.
    pub(crate) async fn mark(&'static self, seq: u32, state: EntryState) {
        let mut found = false;
        for (of, stored) in self.entries.borrow_mut().iter_mut() {
            if *of == seq
                && let Some(entry) = stored.act_mut()
            {
                entry.state = state.clone();
                found = true;
            }
        }
        if found {
            self.refresh();
            self.write(seq).await;
            browser::tell_others(false);
            // The channel may have been faster than the receipt.
            self.end_arrived();
            self.refresh();
        }
    }

    /// Writes an act to disk as it is here. What can't be written is only sent once more, under the same id.
    async fn write(&self, seq: u32) {
        let text = self.entries.borrow().iter().find_map(|(of, stored)| {
            let entry = stored.act().filter(|_| *of == seq)?;
            serde_json::to_string(entry).ok()
        });
        if let Some(text) = text {
            drop(self.disk.mark(seq, &text).await);
            self.wrote();
        }
    }

    /// Takes acts out of the outbox, here and on disk.
    pub(crate) async fn remove(&self, seqs: Vec<u32>) {
        self.forget(&seqs);
        drop(self.disk.remove(&seqs).await);
        self.wrote();
        // Read from disk meanwhile, they would be back.
        self.forget(&seqs);
    }

    fn forget(&self, seqs: &[u32]) {
        self.entries
            .borrow_mut()
            .retain(|(seq, _)| !seqs.contains(seq));
    }

    fn wrote(&self) {
        self.written.set(self.written.get().wrapping_add(1));
    }

    /// The live channel is at `cursor`.
    pub(crate) fn reached(&'static self, cursor: Cursor) {
        self.rooms.borrow_mut().reached(cursor);
        self.at.set(Some(cursor));
        self.end_arrived();
    }

    /// Up to where what is shown includes everything: the live channel's position where every room has its state, the
    /// page's where none has.
    fn position(&self) -> Option<Cursor> {
        let rooms = self.rooms.borrow();
        let page = || self.live.state.with_untracked(|state| state.page.cursor);
        let heard = self.at.get().filter(|_| rooms.complete());
        heard.or_else(|| rooms.is_blank().then(page))
    }

    /// Accepted acts end that what is shown includes.
    fn end_arrived(&'static self) {
        let Some(at) = self.position() else { return };
        let known = self.me.borrow().is_some();
        let arrived = arrived(&self.entries.borrow(), &at, known);
        if !arrived.shown.is_empty() {
            self.keep_role(&arrived.shown);
            let mut talk = self.talk.borrow_mut();
            for (seq, stored) in self.entries.borrow().iter() {
                if let Some(entry) = stored.act().filter(|_| arrived.shown.contains(seq)) {
                    talk.take_own(&entry.command.act, entry.command.issued_at);
                }
            }
            drop(talk);
            // At once: what is shown is decided right after this.
            self.forget(&arrived.shown);
            spawn_local(self.remove(arrived.shown));
        }
        if !arrived.again.is_empty() {
            spawn_local(async move {
                for seq in arrived.again {
                    self.mark(seq, EntryState::Waiting).await;
                }
                crate::sender::read_again();
            });
        }
        if arrived.later {
            crate::socket::expect_effect(self);
        }
    }
}

impl Client {
    /// Where acts about the role whose page is open have arrived, what they do stays shown until the page comes anew: nothing else
    /// tells of it.
    fn keep_role(&'static self, seqs: &[u32]) {
        let open = self.live.state.with_untracked(|state| state.page.panel);
        let is_about = |act: &Act| matches!(act, Act::VouchFor { role } | Act::WithdrawVouch { role } if open == Panel::Role(*role));
        let is_told = self.entries.borrow().iter().any(|(seq, stored)| {
            let act = stored.act().map(|entry| &entry.command.act);
            seqs.contains(seq) && act.is_some_and(is_about)
        });
        if !is_told {
            return;
        }
        self.change(|state| {
            if let (Detail::Role { role, .. }, Some(shown)) = (&mut state.page.detail, &state.role)
            {
                role.clone_from(shown);
            }
        });
        crate::navigate::reload();
    }
}

/// What a page brings to the view: once rooms are held its list is theirs to tell.
fn page_rows(page: &Page, held: bool) -> CellView {
    let mut view = rows(page);
    if held {
        let open = match &page.detail {
            Detail::Node { node, .. } => Some(node.id),
            Detail::Thread { thread, .. } => thread.target.node(),
            Detail::Served { node, .. } => node.as_ref().map(|node| node.id),
            Detail::None | Detail::Role { .. } | Detail::Search { .. } | Detail::Missing => None,
        };
        view.nodes.retain(|id, _| Some(*id) == open);
    }
    view
}

/// Whether what the server alone can tell is of before an event that is just heard of: what it has drawn about a knot, and a role's page,
/// as far as the threads of its view tell of that (not of rights, names, or a vouch that was taken back).
fn is_outdated(state: &State, after: &CellView) -> bool {
    let before = &state.view;
    match &state.page.detail {
        Detail::Served {
            node: Some(drawn), ..
        } => {
            let last = |view: &CellView| view.nodes.get(&drawn.id).map(|row| row.last);
            last(after) != last(before) && last(after) > Some(drawn.last)
        }
        Detail::Role { role, .. } => after.threads.values().any(|thread| {
            let known = before.threads.get(&thread.id).map(|row| row.last);
            let is_of_it = thread.role == role.role || thread.target == Target::Role(role.role);
            is_of_it && known != Some(thread.last) && thread.last > state.page.cursor.id
        }),
        _ => false,
    }
}

/// Whether a text that is marked up has just come for the open knot, or come again from the server, which alone can write it out.
fn is_rough(state: &State, after: &CellView) -> bool {
    let Panel::Node(id) = state.page.panel else {
        return false;
    };
    let last = state.view.nodes.get(&id).map(|row| row.last);
    after.nodes.get(&id).is_some_and(|row| {
        // The server knows nothing yet of what is only predicted.
        row.last > 0 && Some(row.last) != last && is_marked(&row.text) && state.prose(row).is_none()
    })
}

fn stage(seq: u32, entry: &Entry, sender: &crate::sender::Sender) -> Stage {
    match &entry.state {
        EntryState::Waiting if sender.sending() == Some(seq) => Stage::Sending,
        EntryState::Waiting => Stage::Kept {
            problem: sender.problem(seq),
        },
        EntryState::Receipt { .. } => Stage::Accepted,
        EntryState::Refused { problem } => match problem.refusal {
            Some(refusal) => Stage::Refused {
                refusal,
                other: problem.node.clone(),
            },
            None => Stage::SetAside(problem.kind),
        },
        EntryState::Aside { problem } => Stage::SetAside(problem.kind),
    }
}
