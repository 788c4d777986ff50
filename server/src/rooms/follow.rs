//! What happened, in order and without a gap: from the bus, or from the log where the bus is silent or has lost
//! something. The hub and those who keep answers are told only what the read models include already.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use domain::cursor::Cursor;
use domain::event::{Body, Event};
use domain::id::{Epoch, NodeId, RoleId};
use domain::place::Cell;
use domain::state::StreamId;
use store::weave::read;
use store::{Store, StoreError};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::bus::{Bus, Follower};
use super::kept::Following;
use super::messages::{Ask, Followed};
use super::status::Figures;

/// How long the bus may be silent below the head before the log is read.
const SILENCE: Duration = Duration::from_millis(250);
/// Events read from the log at once.
const BATCH: usize = 1000;
/// How long the projection is waited for before that is said.
const PROJECTION_PATIENCE: Duration = Duration::from_secs(5);
const AGAIN: Duration = Duration::from_millis(500);
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

/// Follows for ever, from `followed` on.
pub(super) async fn run(
    store: Store,
    bus: Bus,
    (mut followed, following): (Cursor, Following),
    mut head: watch::Receiver<Cursor>,
    hub: mpsc::Sender<Ask>,
    figures: Arc<Figures>,
) {
    let (position, positions) = watch::channel(followed.id);
    // One batch is read while another one waits: more would only be older.
    let (sender, mut batches) = mpsc::channel(1);
    // It ends with this: a bus that goes away when the server stops is nothing to be told.
    let mut listening = JoinSet::new();
    listening.spawn(listen(
        bus.follower(),
        positions,
        sender,
        Arc::clone(&figures),
    ));
    let mut behind_since = None;
    loop {
        figures.followed.store(followed.id, Relaxed);
        let to = *head.borrow_and_update();
        figures.head.fetch_max(to.id, Relaxed);
        if to.id <= followed.id {
            behind_since = None;
        } else {
            behind_since.get_or_insert_with(Instant::now);
        }
        let silent = behind_since.map_or(Instant::now() + NEVER, |since| since + SILENCE);
        let batch = tokio::select! {
            batch = batches.recv() => match batch {
                Some(batch) => contiguous(store.epoch(), followed, batch),
                None => break,
            },
            () = sleep_until(silent) => {
                figures.fell_back();
                match store::log::raw_after(&store, followed, BATCH).await {
                    Ok(batch) => batch,
                    Err(error) => {
                        tracing::warn!(%error, "neither bus nor log can be read");
                        tokio::time::sleep(AGAIN).await;
                        continue;
                    }
                }
            }
            changed = head.changed() => match changed {
                Ok(()) => continue,
                Err(_) => break,
            },
        };
        let Some(&(last, _)) = batch.last() else {
            continue;
        };
        let roles = batch
            .iter()
            .filter_map(|(_, event)| own_facts(event))
            .collect();
        let events = touches(&store, batch, last).await;
        for (cursor, touches) in &events {
            following.follow(*cursor, touches);
        }
        let told = Followed { events, roles };
        if hub.send(Ask::Followed(told)).await.is_err() {
            break;
        }
        followed = last;
        position.send_replace(followed.id);
        behind_since = None;
    }
}

/// What is in the read models when rooms are read for the first time is followed already.
pub(super) async fn beginning(store: &Store) -> Cursor {
    loop {
        match read::checkpoint(store).await {
            Ok(checkpoint) => return checkpoint,
            Err(error) => {
                tracing::warn!(%error, "the live channel can't begin yet");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}

/// Reads the bus in a task of its own, since a read must not be cancelled.
async fn listen(
    mut follower: Follower,
    position: watch::Receiver<i64>,
    batches: mpsc::Sender<Vec<Event>>,
    figures: Arc<Figures>,
) {
    follower.trusted().await;
    let mut from = 0;
    let mut is_told = false;
    loop {
        from = from.max(*position.borrow());
        match follower.follow(from).await {
            Ok(batch) => {
                figures.listening.store(true, Relaxed);
                is_told = false;
                let Some(last) = batch.last() else { continue };
                from = last.id;
                if batches.send(batch).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                figures.listening.store(false, Relaxed);
                if !std::mem::replace(&mut is_told, true) {
                    tracing::warn!(%error, "the bus is not heard; the log is read instead");
                }
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}

/// The part of a batch that follows `followed` without a gap.
fn contiguous(epoch: Epoch, followed: Cursor, batch: Vec<Event>) -> Vec<(Cursor, Event)> {
    let mut next = followed.id + 1;
    let mut taken = Vec::with_capacity(batch.len());
    for event in batch {
        if event.id == next {
            next += 1;
            taken.push((
                Cursor {
                    epoch,
                    at: event.at,
                    id: event.id,
                },
                event,
            ));
        } else if event.id > next {
            break;
        }
    }
    taken
}

/// What the events change, once the read models include the last of them. Goes on until it is known: without it rooms
/// stay as they are.
async fn touches(
    store: &Store,
    batch: Vec<(Cursor, Event)>,
    last: Cursor,
) -> Vec<(Cursor, Vec<live::Touch>)> {
    let roles: BTreeSet<RoleId> = batch
        .iter()
        .flat_map(|(_, event)| live::roles_of(event))
        .collect();
    let moved: Vec<NodeId> = batch
        .iter()
        .filter_map(|(_, event)| live::moved(event))
        .collect();
    loop {
        match whereabouts(store, &roles, &moved, last).await {
            Ok(Some(Whereabouts { spools, tied })) => {
                let touches = |event: &Event| {
                    live::touches(
                        event,
                        |role| spools.get(&role).copied(),
                        |node| tied.get(&node).cloned().unwrap_or_default(),
                    )
                };
                return batch
                    .iter()
                    .map(|(cursor, event)| (*cursor, touches(event)))
                    .collect();
            }
            Ok(None) => tracing::warn!(at = last.id, "the projection is behind; rooms wait for it"),
            Err(error) => {
                tracing::warn!(%error, "rooms wait for the database");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}

/// What [`live::touches`] has to be told.
struct Whereabouts {
    spools: BTreeMap<RoleId, Cell>,
    /// Who is tied to the knots that moved.
    tied: BTreeMap<NodeId, BTreeSet<RoleId>>,
}

async fn whereabouts(
    store: &Store,
    roles: &BTreeSet<RoleId>,
    moved: &[NodeId],
    last: Cursor,
) -> Result<Option<Whereabouts>, StoreError> {
    if !read::reached(store, last, PROJECTION_PATIENCE).await? {
        return Ok(None);
    }
    let tied = if moved.is_empty() {
        BTreeMap::new()
    } else {
        read::tied(store, moved).await?
    };
    let asked: BTreeSet<RoleId> = roles
        .iter()
        .chain(tied.values().flatten())
        .copied()
        .collect();
    let asked: Vec<RoleId> = asked.into_iter().collect();
    let spools = read::spool_cells(store, &asked).await?;
    Ok(Some(Whereabouts { spools, tied }))
}

/// The role whose own facts, as hello tells them, the event changed.
fn own_facts(event: &Event) -> Option<RoleId> {
    match event.payload {
        Body::RolleRegistriert { .. }
        | Body::RolleUmbenannt { .. }
        | Body::RollePlatziert { .. }
        | Body::RolleBeschrieben { .. }
        | Body::BuergschaftGegeben
        | Body::BuergschaftZurueckgezogen
        | Body::WeberBestaetigt { .. }
        | Body::RolleBebildert { .. }
        | Body::RechtVergeben { .. }
        | Body::RechtEntzogen { .. } => match event.stream {
            StreamId::Role(role) => Some(role),
            _ => None,
        },
        // Told with the next news of each: what is needed counts from the next vouch on.
        Body::BuergschaftenFestgelegt { .. }
        | Body::BildHinzugefuegt { .. }
        | Body::BildEntfernt { .. }
        | Body::GemeinschaftBeschrieben { .. }
        | Body::StrukturGegruendet { .. }
        | Body::KnotenGeknuepft { .. }
        | Body::KnotenGeaendert { .. }
        | Body::KnotenBeigetreten { .. }
        | Body::NachrichtGesendet { .. }
        | Body::NachrichtGeaendert { .. }
        | Body::NachrichtZurueckgezogen { .. }
        | Body::FadenVerzwirnt { .. }
        | Body::FadenEntzwirnt
        | Body::GarnDeckungGeaendert { .. }
        | Body::FadenVerfallen { .. }
        | Body::KnotenAufgeloest { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::event::{Actor, EVENT_VERSION};
    use domain::id::CommandId;
    use domain::time::Millis;
    use uuid::Uuid;

    use super::*;

    fn event(id: i64) -> Event {
        let role = RoleId(Uuid::from_u128(2));
        Event {
            id,
            at: Millis(1000 + id),
            v: EVENT_VERSION,
            stream: StreamId::Role(role),
            stream_version: 1,
            actor: Actor::Role { role },
            command_id: CommandId(Uuid::from_u128(3)),
            causation_id: None,
            correlation_id: id,
            cell: None,
            tie: None,
            payload: Body::KnotenBeigetreten {
                level: domain::weave::JoinLevel::Interest,
            },
        }
    }

    #[test]
    fn what_comes_after_a_gap_on_the_bus_is_left_to_the_log() {
        let epoch = Epoch(Uuid::from_u128(1));
        let followed = Cursor {
            epoch,
            at: Millis(1007),
            id: 7,
        };
        let taken = |ids: &[i64]| -> Vec<i64> {
            let batch = ids.iter().map(|id| event(*id)).collect();
            let taken = contiguous(epoch, followed, batch);
            assert!(taken.iter().all(|(cursor, event)| cursor.id == event.id));
            taken.iter().map(|(cursor, _)| cursor.id).collect()
        };
        assert_eq!(taken(&[8, 9, 10]), [8, 9, 10]);
        assert_eq!(taken(&[5, 6, 7, 8]), [8], "what is known is passed over");
        assert_eq!(taken(&[8, 10, 11]), [8], "one is missing");
        assert_eq!(
            taken(&[9, 10]),
            [0; 0],
            "trimmed or evicted before it was read"
        );
    }
}
