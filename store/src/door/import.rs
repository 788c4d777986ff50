//! The door of an import: a connection of its own on the same log, whose lock orders both.

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::id::{CommandId, RoleId};
use domain::wire::Receipt;

use super::DoorError;
use super::appender::Appender;
use super::work::Work;
use crate::Store;

/// Where an import hands in the acts of its source's role.
#[derive(Debug)]
pub struct ImportDoor {
    appender: Appender,
    store: Store,
    role: RoleId,
    source: String,
}

impl ImportDoor {
    /// A door for what comes from `source`.
    #[must_use]
    pub fn new(store: Store, source: &str) -> Self {
        Self {
            appender: Appender::new(store.clone()),
            store,
            role: RoleId::of_source(source),
            source: source.to_owned(),
        }
    }

    /// The hidden role that what comes from this source belongs to.
    #[must_use]
    pub fn role(&self) -> RoleId {
        self.role
    }

    /// Writes `acts` in order, at most [`super::BATCH_MAX`], in one transaction; an answer for each. The same act
    /// again has no second effect: its command's id comes from what it says.
    ///
    /// Whoever drops this half-way leaves it to the database whether they were written; asking again tells.
    pub async fn submit(&mut self, acts: Vec<Act>) -> Vec<Result<Receipt, DoorError>> {
        let issued_at = self.store.now();
        let works: Vec<Work> = acts
            .into_iter()
            .map(|act| {
                // An act is made of text and numbers: it always has a JSON form.
                let content = serde_json::to_vec(&act).unwrap_or_default();
                Work::Import {
                    command: Box::new(Command {
                        id: CommandId::of_import(self.role, &content),
                        v: COMMAND_VERSION,
                        by: self.role,
                        issued_at,
                        act,
                    }),
                    source: self.source.clone(),
                }
            })
            .collect();
        self.appender.serve(&works).await
    }
}
