//! The rows beside the ones in use: woven in memory, and written once.

use domain::cursor::Cursor;
use domain::event::Event;
use sqlx::{Executor, PgConnection};
use tokio::sync::mpsc;

use crate::session::Purpose;
use crate::spool::community::Community;
use crate::spool::profiles::Profiles;
use crate::spool::standings::Standings;
use crate::talk::project::Conversations;
use crate::weave::fold::Loom;
use crate::weave::project::reach;
use crate::weave::versions::Versions;
use crate::weave::{load, write};
use crate::{Store, StoreError, log};

/// Rows in memory, some 150 MB of them; a log that makes more is written in parts.
const ROWS_MAX: usize = 200_000;
/// Pages of the log that are read ahead.
const PAGES_AHEAD: usize = 2;

/// Rows under way.
pub(super) struct Beside {
    store: Store,
    loom: Loom,
    conversations: Conversations,
    profiles: Profiles,
    standings: Standings,
    community: Community,
    versions: Versions,
    /// The last event that is in them.
    pub(super) to: Cursor,
    folded: u64,
}

impl Beside {
    pub(super) fn new(store: &Store) -> Self {
        Self {
            store: store.clone(),
            loom: Loom::whole(),
            conversations: Conversations::default(),
            profiles: Profiles::default(),
            standings: Standings::default(),
            community: Community::default(),
            versions: Versions::default(),
            to: store.beginning(),
            folded: 0,
        }
    }

    /// Folds all that the log has by now, and tells how many events that are so far.
    pub(super) async fn follow(
        &mut self,
        connection: &mut PgConnection,
        tell: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), StoreError> {
        let (pages, mut page) = mpsc::channel(PAGES_AHEAD);
        // Another core reads on meanwhile; it ends with the log, or with whoever takes the pages.
        tokio::spawn(read(self.store.clone(), self.to, pages));
        while let Some(mut events) = page.recv().await.transpose()? {
            log::open(&self.store, &mut *connection, events.iter_mut()).await?;
            load::into(&mut self.loom, &mut *connection, &events).await?;
            self.conversations.load(&mut *connection, &events).await?;
            for event in &events {
                self.loom.fold(event);
                self.conversations.fold(event);
                self.profiles.fold(event);
                self.standings.fold(event);
                self.community.fold(event);
                self.versions.fold(event, &self.loom);
            }
            if let Some(last) = events.last() {
                self.to = self.store.cursor(last.at, last.id);
            }
            self.folded += events.len() as u64;
            tell(self.folded);
            self.conversations.write(&mut *connection).await?;
            self.profiles.write(&mut *connection).await?;
            self.standings.write(&mut *connection).await?;
            self.community.write(&mut *connection).await?;
            self.versions.write(&mut *connection).await?;
            if self.loom.rows() > ROWS_MAX {
                self.write(&mut *connection).await?;
                connection
                    .execute(include_str!("../sql/rebuild_indexes.sql"))
                    .await?;
                self.loom = Loom::default();
            }
        }
        Ok(())
    }

    /// Writes what changed since the last time.
    pub(super) async fn write(&mut self, connection: &mut PgConnection) -> Result<(), StoreError> {
        write::changed(&mut *connection, &self.loom).await?;
        self.loom.forget_changes();
        reach(connection, self.to).await
    }
}

/// Reads the log to its end.
async fn read(store: Store, mut from: Cursor, pages: mpsc::Sender<Result<Vec<Event>, StoreError>>) {
    let reading = async {
        let mut connection = store.address().connect(Purpose::Read).await?;
        loop {
            let events = log::read(&store, &mut connection, from, log::PAGE_MAX).await?;
            let Some(last) = events.last() else {
                return Ok(());
            };
            from = store.cursor(last.at, last.id);
            if pages.send(Ok(events)).await.is_err() {
                return Ok(());
            }
        }
    };
    if let Err(error) = reading.await {
        // Nobody may be waiting any more.
        pages.send(Err(error)).await.ok();
    }
}
