//! Brings things in, a window at a time: looks what is there, and writes what is to be done in one transaction.

use std::collections::HashMap;
use std::time::Duration;

use domain::command::Act;
use domain::id::NodeId;
use domain::refusal::Refusal;
use domain::spool::Placement;
use store::door::{DoorError, ImportDoor, Unavailable};
use store::{Store, StoreError};
use tokio::time::Instant;

use super::error::{ImportError, ScanError};
use super::feature::Thing;
use super::plan::plan;
use super::reason::Reason;
use super::scan::At;
use super::tally::{Named, Tally};
use crate::signals::Shutdown;

/// Things of one transaction; each is at most two acts.
pub(super) const WINDOW: usize = store::door::BATCH_MAX / 2;
/// Features whose ids are remembered, so that one that comes twice is found; at it the file has to be split.
const SEEN_MAX: usize = 4_000_000;
/// How long the database may be away before the import ends.
const AWAY_MAX: Duration = Duration::from_secs(120);
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// How often a thing is looked at again that another import of the same source has just changed.
const ROUNDS_MAX: usize = 5;

/// A thing on its way, with where it stands in the file.
#[derive(Debug)]
pub(super) struct Arrival {
    named: Named,
    node: NodeId,
    thing: Thing,
}

/// The work of one import.
#[derive(Debug)]
pub(super) struct Bringer {
    store: Store,
    door: ImportDoor,
    seen: HashMap<NodeId, u64>,
}

impl Bringer {
    /// Registers the source's hidden role, if nothing came from it yet.
    pub(super) async fn begin(
        store: Store,
        source: &str,
        shutdown: &Shutdown,
    ) -> Result<Self, ImportError> {
        let mut bringer = Self {
            door: ImportDoor::new(store.clone(), source),
            store,
            seen: HashMap::new(),
        };
        let register = Act::RegisterRole {
            name: source.to_owned(),
            placement: Placement::Hidden,
        };
        let mut away = Away::default();
        loop {
            let answer = bringer.door.submit(vec![register.clone()]).await.pop();
            match answer {
                Some(Ok(_) | Err(DoorError::Refused(Refusal::RoleTaken))) | None => break,
                Some(Err(DoorError::Refused(refusal))) => {
                    return Err(ImportError::Source { refusal });
                }
                Some(Err(DoorError::Unavailable(reason))) => away.wait(reason, shutdown).await?,
            }
        }
        if store::import::is_a_persons(&bringer.store, bringer.door.role()).await? {
            return Err(ImportError::APersons {
                source_name: source.to_owned(),
            });
        }
        Ok(bringer)
    }

    /// Takes a thing up, unless its id came before.
    ///
    /// # Errors
    /// When more would have to be remembered than may be.
    pub(super) fn take(
        &mut self,
        at: At,
        thing: Thing,
        tally: &mut Tally,
    ) -> Result<Option<Arrival>, ScanError> {
        let node = NodeId::of_source(self.door.role(), &thing.id);
        let named = Named {
            at,
            name: Some(thing.id.clone()),
        };
        if let Some(&line) = self.seen.get(&node) {
            tally.refused(&named, &Reason::Duplicate { line });
            return Ok(None);
        }
        if self.seen.len() >= SEEN_MAX {
            return Err(ScanError::TooMany {
                at,
                max: SEEN_MAX + 1,
            });
        }
        self.seen.insert(node, at.line);
        Ok(Some(Arrival { named, node, thing }))
    }

    /// Brings a window in, whatever it takes: what others change meanwhile is looked at again, a database that is away
    /// is waited for.
    pub(super) async fn bring(
        &mut self,
        mut window: Vec<Arrival>,
        tally: &mut Tally,
        shutdown: &Shutdown,
    ) -> Result<(), ImportError> {
        let mut away = Away::default();
        let mut round = 1;
        while !window.is_empty() {
            match self.once(&window, round == ROUNDS_MAX, tally).await {
                Ok(again) => {
                    round += 1;
                    let mut keeps = again.into_iter();
                    window.retain(|_| keeps.next().unwrap_or(false));
                }
                Err(reason) => away.wait(reason, shutdown).await?,
            }
        }
        Ok(())
    }

    /// Says of each which is to be looked at again. On the error nothing is counted.
    async fn once(
        &mut self,
        window: &[Arrival],
        is_last: bool,
        tally: &mut Tally,
    ) -> Result<Vec<bool>, Unavailable> {
        let ids: Vec<NodeId> = window.iter().map(|arrival| arrival.node).collect();
        let known = store::import::known(&self.store, &ids)
            .await
            .map_err(|error| away(&error))?;
        let (role, now) = (self.door.role(), self.store.now());
        let (mut plans, mut acts) = (Vec::new(), Vec::new());
        for Arrival { node, thing, .. } in window {
            let plan = plan(role, *node, thing, known.get(node), now);
            plans.push(plan.map(|(deed, own)| {
                let count = own.len();
                acts.extend(own);
                (deed, count)
            }));
        }
        let mut answers = if acts.is_empty() {
            Vec::new()
        } else {
            self.door.submit(acts).await
        }
        .into_iter();
        let mut outcomes = Vec::with_capacity(plans.len());
        for plan in plans {
            outcomes.push(match plan {
                Err(reason) => Err(reason),
                Ok((deed, count)) => {
                    let mut outcome = Ok(deed);
                    for answer in answers.by_ref().take(count) {
                        match answer {
                            Ok(_) => {}
                            Err(DoorError::Unavailable(reason)) => return Err(reason),
                            Err(DoorError::Refused(refusal)) => {
                                outcome = outcome.and(Err(Reason::Rule(refusal)));
                            }
                        }
                    }
                    outcome
                }
            });
        }
        let again = outcomes
            .iter()
            .map(|outcome| !is_last && outcome.as_ref().is_err_and(is_overtaken))
            .collect::<Vec<bool>>();
        for ((arrival, outcome), again) in window.iter().zip(outcomes).zip(&again) {
            match outcome {
                _ if *again => {}
                Ok(deed) => tally.done(deed),
                Err(reason) => tally.refused(&arrival.named, &reason),
            }
        }
        Ok(again)
    }
}

/// Whether somebody else was quicker, so that it has to be looked at again.
fn is_overtaken(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::Rule(Refusal::NodeTaken | Refusal::NodeChanged { .. })
    )
}

fn away(error: &StoreError) -> Unavailable {
    Unavailable::Database {
        reason: error.to_string(),
    }
}

/// How long the database has been away.
#[derive(Debug, Default)]
struct Away {
    since: Option<Instant>,
}

impl Away {
    /// Waits a little before it is tried again.
    async fn wait(&mut self, reason: Unavailable, shutdown: &Shutdown) -> Result<(), ImportError> {
        let since = *self.since.get_or_insert_with(Instant::now);
        if since.elapsed() > AWAY_MAX {
            return Err(ImportError::Away(reason));
        }
        tracing::warn!(%reason, "the import waits for the database: {reason}");
        tokio::select! {
            () = tokio::time::sleep(AGAIN_AFTER) => Ok(()),
            () = shutdown.stopping() => Err(ImportError::Interrupted),
        }
    }
}
