//! Tells the story to an empty system, through the door that every write goes through, before anything is served.

use std::sync::Arc;

use domain::command::Command;
use domain::time::{DAY_MS, Millis};
use domain::weave::Structure;
use futures::future::join_all;
use store::door::{Door, DoorError, Unavailable};
use store::{Store, StoreError, deadlines, demo, partitions};

use crate::content::Content;
use crate::past::PastClock;
use crate::story::{self, first_weavers, story};

/// What happened within one of these is told in one go.
const TOGETHER_MS: i64 = 60 * 60 * 1000;

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// Its log has events of people.
    #[error(
        "people weave on this database already, and a demo is never mixed into a real weave. Fix: start it with \
         `weltgewebe serve` (DEMO=0 make run), or name an empty folder with --data DIR"
    )]
    Real,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// A file of the content is not what this code reads.
    #[error("the demo's content can't be read: {0}")]
    Content(#[from] toml::de::Error),
}

/// Makes the database at `url` a demo, unless it is one: the 30 days before `now`. Tells how many commands of how many
/// are told. What was cut off goes on where it stopped.
///
/// # Errors
/// [`FillError::Real`] where people weave, and what keeps from writing.
pub async fn fill(
    url: &str,
    now: Millis,
    mut tell: impl FnMut(usize, usize) + Send,
) -> Result<(), FillError> {
    let content = Content::load()?;
    let clock = Arc::new(PastClock::at(now + -story::DAYS * DAY_MS));
    let store = Store::connect(url, Arc::clone(&clock) as Arc<dyn store::Clock>).await?;
    let filled = fill_open(&store, &clock, &content, &mut tell).await;
    store.close().await;
    filled
}

async fn fill_open(
    store: &Store,
    clock: &PastClock,
    content: &Content,
    tell: &mut (impl FnMut(usize, usize) + Send),
) -> Result<(), FillError> {
    let began_at = match demo::begin(store, store.now()).await? {
        demo::Begun::Filled => return Ok(()),
        demo::Begun::Real => return Err(FillError::Real),
        demo::Begun::Telling { began_at } => began_at,
    };
    let until = began_at + story::DAYS * DAY_MS;
    partitions::make_between(store, began_at, until).await?;
    let story = story(content, began_at);
    let door = Door::start(store.clone());
    let mut told = 0;
    let chapters = story.chunk_by(|one, next| chapter(one, began_at) == chapter(next, began_at));
    for (nth, chapter) in chapters.enumerate() {
        let Some(last) = chapter.last() else { continue };
        meanwhile(store, clock, &door, last.issued_at).await?;
        write(&door, chapter).await?;
        // In the first one they come.
        if nth == 0 {
            name(&door, content).await?;
            describe(&door).await?;
        }
        told += chapter.len();
        tell(told, story.len());
    }
    meanwhile(store, clock, &door, until).await?;
    demo::fill(store).await?;
    Ok(())
}

fn chapter(command: &Command, began_at: Millis) -> i64 {
    (command.issued_at - began_at).div_euclid(TOGETHER_MS)
}

/// Moves time on to `to`, with everything that falls due until then.
async fn meanwhile(
    store: &Store,
    clock: &PastClock,
    door: &Door,
    to: Millis,
) -> Result<(), FillError> {
    while let Some(due) = deadlines::hand_in(store, door).await?
        && due <= to
    {
        clock.move_to(due);
    }
    clock.move_to(to);
    Ok(())
}

/// Names the first weavers.
async fn name(door: &Door, content: &Content) -> Result<(), Unavailable> {
    for (id, act) in first_weavers(content) {
        if let Err(DoorError::Unavailable(reason)) = door.submit_order(id, act, "demo").await {
            return Err(reason);
        }
    }
    Ok(())
}

/// Says what the community is, and founds where it talks.
async fn describe(door: &Door) -> Result<(), Unavailable> {
    let (id, act) = story::community();
    if let Err(DoorError::Unavailable(reason)) = door.submit_order(id, act, "demo").await {
        return Err(reason);
    }
    for structure in Structure::ALL {
        if let Err(DoorError::Unavailable(reason)) =
            door.found(structure, crate::view().centre, false).await
        {
            return Err(reason);
        }
    }
    Ok(())
}

/// Hands in all of it, in order. A rule may say no: who came too late to a knot has come too late.
async fn write(door: &Door, commands: &[Command]) -> Result<(), Unavailable> {
    let asked = commands.iter().map(|command| door.submit(command.clone()));
    for answer in join_all(asked).await {
        match answer {
            Ok(_) => {}
            Err(DoorError::Refused(refusal)) => tracing::debug!(%refusal, "the story goes on"),
            Err(DoorError::Unavailable(reason)) => return Err(reason),
        }
    }
    Ok(())
}
