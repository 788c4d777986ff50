//! Deciding a batch in order, each command seeing the ones before it. No I/O.

use std::collections::{BTreeMap, BTreeSet};

use domain::command::Act;
use domain::event::{Draft, EVENT_VERSION, Event};
use domain::id::{AccountId, CommandId, PictureId, RoleId};
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::state::{States, StreamId};
use domain::time::Millis;
use domain::weave::Uploaded;

use super::facts::AtTheDoor;
use super::names;
use super::receipts::{NewReceipt, Outcome, RECEIPTS_KEPT_MS, StoredReceipt};
use super::work::Work;
use crate::keys::HouseKeys;

/// Everything that a batch reads, and after [`Ledger::enter`] everything that it writes.
#[derive(Debug)]
pub(super) struct Ledger {
    /// The newest event.
    pub(super) head_id: i64,
    pub(super) head_at: Millis,
    /// The time of this transaction, never before the head's.
    pub(super) now: Millis,
    pub(super) states: States,
    /// The streams that there were before.
    pub(super) known_streams: BTreeSet<StreamId>,
    /// The first event of each stream's story.
    pub(super) stories: BTreeMap<StreamId, i64>,
    /// The pictures that commands name, as far as they are kept.
    pub(super) uploaded: BTreeMap<PictureId, Uploaded>,
    /// The names that commands ask for, as far as they look like somebody else's.
    pub(super) alike: BTreeSet<String>,
    pub(super) known: BTreeMap<CommandId, StoredReceipt>,
    /// The roles of the accounts that register one.
    pub(super) accounts: BTreeMap<AccountId, Option<RoleId>>,

    pub(super) events: Vec<Event>,
    pub(super) receipts: Vec<NewReceipt>,
    /// Streams that changed, with the last event that did it.
    pub(super) changed: BTreeMap<StreamId, i64>,
    pub(super) registered: BTreeSet<RoleId>,
    pub(super) placed: BTreeMap<RoleId, Placement>,
    pub(super) bound: BTreeMap<AccountId, RoleId>,
    /// Pictures that are shown from now on, or no more.
    pub(super) pictures: BTreeMap<PictureId, bool>,
    /// The picture that each of these roles shows of itself from now on.
    pub(super) portraits: BTreeMap<RoleId, Option<PictureId>>,
}

impl Ledger {
    /// Decides one command and notes what is to be written.
    pub(super) fn enter(&mut self, work: &Work, keys: &HouseKeys) -> Outcome {
        let (id, hash) = (work.id(), work.hash(keys));
        if let Some(known) = self.known.get(&id) {
            return if known.hash == hash {
                known.outcome
            } else {
                Err(Refusal::CommandReused)
            };
        }
        let before = self.head_id;
        let outcome = self.decide(work);
        let keeps = match (work, outcome) {
            // A deadline that was overtaken has left nothing to remember.
            (Work::Due { .. }, _) => self.head_id > before,
            // Whether it stands, and where, is asked anew at every start.
            (Work::Found { .. }, _) => false,
            (Work::Act { .. } | Work::Import { .. } | Work::Order { .. }, Ok(_)) => true,
            (Work::Act { .. } | Work::Import { .. } | Work::Order { .. }, Err(refusal)) => {
                self.keeps_refusal(work, refusal)
            }
        };
        if keeps {
            self.known.insert(
                id,
                StoredReceipt {
                    hash: hash.clone(),
                    outcome,
                },
            );
            self.receipts.push(NewReceipt {
                command: id,
                role: work.by(),
                hash,
                outcome,
                at: work.issued_at().map_or(self.now, |at| at.max(self.now)),
            });
        }
        outcome
    }

    /// Refusals are kept for roles alone, so that nobody without one fills the table; one that only says
    /// that the receipt may be gone is none.
    fn keeps_refusal(&self, work: &Work, refusal: Refusal) -> bool {
        refusal != Refusal::CommandExpired
            && work
                .by()
                .is_some_and(|role| self.states.0.contains_key(&StreamId::Role(role)))
    }

    fn decide(&mut self, work: &Work) -> Outcome {
        if let Work::Act { command, account } = work {
            if (self.now - command.issued_at).abs() > RECEIPTS_KEPT_MS {
                return Err(Refusal::CommandExpired);
            }
            if let Some(account) = account {
                match self.accounts.get(account) {
                    None => return Err(Refusal::RoleUnknown),
                    Some(Some(_)) => return Err(Refusal::RoleTaken),
                    Some(None) => {}
                }
            }
            names::check(&command.act, &self.alike)?;
            // The community's own, and those of sources, are nobody's to take.
            if matches!(command.act, Act::RegisterRole { .. })
                && (command.by == RoleId::COMMUNITY || command.by.is_source())
            {
                return Err(Refusal::RoleTaken);
            }
        }
        let drafts = work.decide(&self.facts(), self.now)?;
        let mut cause = work.cause();
        for (nth, draft) in drafts.into_iter().enumerate() {
            self.append(work, draft, cause);
            // What else a command does follows from what it did first.
            if nth == 0 {
                cause = Some(self.head_id);
            }
        }
        match work {
            Work::Act { command, account } => {
                self.note_private(&command.act, command.by, *account);
            }
            Work::Import { command, .. } => self.note_private(&command.act, command.by, None),
            Work::Order { .. } | Work::Found { .. } => {}
            // Overtaken or not, its deadline is computed anew.
            Work::Due { stream, cause, .. } => {
                self.changed.entry(*stream).or_insert(*cause);
            }
        }
        Ok((self.head_at, self.head_id))
    }

    fn facts(&self) -> AtTheDoor<'_> {
        AtTheDoor {
            states: &self.states,
            uploaded: &self.uploaded,
        }
    }

    fn append(&mut self, work: &Work, draft: Draft, cause: Option<i64>) {
        let id = self.head_id + 1;
        let story = draft.tie.map_or(draft.stream, |tie| tie.to.stream());
        let correlation_id = *self.stories.entry(story).or_insert(id);
        let stream_version = self.states.next_version(draft.stream);
        for stream in self.states.evolve_draft(&draft, self.now) {
            self.changed.insert(stream, id);
            self.stories.entry(stream).or_insert(correlation_id);
        }
        self.events.push(Event {
            id,
            at: self.now,
            v: EVENT_VERSION,
            stream: draft.stream,
            stream_version,
            actor: work.actor(),
            command_id: work.id(),
            causation_id: cause,
            correlation_id,
            cell: draft.cell,
            tie: draft.tie,
            payload: draft.body,
        });
        (self.head_id, self.head_at) = (id, self.now);
    }

    /// What a command brings that no event may carry.
    fn note_private(&mut self, act: &Act, by: RoleId, account: Option<AccountId>) {
        self.pictures
            .extend(act.picture().map(|shown| (shown, true)));
        match act {
            Act::RemovePicture { picture, .. } => {
                self.pictures.insert(*picture, false);
            }
            Act::PortrayRole { picture } => {
                self.portraits.insert(by, *picture);
            }
            Act::RegisterRole { placement, .. } => {
                self.registered.insert(by);
                self.placed.insert(by, *placement);
                if let Some(account) = account {
                    self.accounts.insert(account, Some(by));
                    self.bound.insert(account, by);
                }
            }
            Act::PlaceRole { placement } => {
                // What is kept may have been said in this very batch.
                let said = self.placed.get(&by).and_then(|before| before.place());
                let placement = said.map_or(*placement, |place| placement.at(place));
                self.placed.insert(by, placement);
            }
            Act::RenameRole { .. }
            | Act::DescribeRole { .. }
            | Act::AddPicture { .. }
            | Act::KnotNode { .. }
            | Act::ChangeNode { .. }
            | Act::JoinNode { .. }
            | Act::SendMessage { .. }
            | Act::ChangeMessage { .. }
            | Act::WithdrawMessage { .. }
            | Act::TwistThread { .. }
            | Act::UntwistThread { .. }
            | Act::CoverYarn { .. }
            | Act::VouchFor { .. }
            | Act::WithdrawVouch { .. }
            | Act::GrantRight { .. }
            | Act::RevokeRight { .. }
            | Act::SetVouches { .. }
            | Act::DescribeCommunity { .. } => {}
        }
    }
}
