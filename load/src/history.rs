//! What happened in a run, kept in memory and written as NDJSON: all that the checker looks at.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::act::{Act, Covers, Level};
use crate::room::Room;

/// One sending of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Try {
    pub command: Uuid,
    pub role: Uuid,
    pub act: Act,
    /// When it should have been sent, in microseconds since the run began.
    pub intended_us: u64,
    pub sent_us: u64,
    pub answered_us: u64,
    pub answer: Answer,
}

/// What the server said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Answer {
    /// The number in its receipt.
    Accepted { number: i64 },
    /// The rule that said no, for good.
    Refused { rule: String },
    /// Nothing is known: no answer, or one that says "later".
    Open { why: String },
}

/// A message that a socket heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    pub socket: u32,
    /// Counts the connections of the socket.
    pub connection: u32,
    pub at_us: u64,
    /// Of its cursor.
    pub number: i64,
}

/// What a socket showed of a room in the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    pub socket: u32,
    pub cell: String,
    /// Of its cursor.
    pub number: i64,
    pub room: Room,
}

/// Something that a socket heard and that is not of the protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misheard {
    pub socket: u32,
    pub what: String,
}

/// What the server said of a room in the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub cell: String,
    pub number: i64,
    pub room: Room,
}

/// An event of the public log, as far as it is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    pub id: i64,
    pub at: i64,
    pub stream: String,
    pub stream_version: u32,
    /// None for the system's own.
    pub role: Option<Uuid>,
    pub command: Uuid,
    #[serde(rename = "type")]
    pub kind: String,
    pub cell: Option<String>,
    pub tie: Option<Tie>,
    /// The name, the title, the message, or what a role says about itself in it.
    pub title: Option<String>,
    /// What a role says that it can do, a tag a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skills: Option<String>,
    /// Where a message was said that is said otherwise or taken back in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<Uuid>,
    /// The message that the one in it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Uuid>,
    /// How somebody joins in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// What a yarn covers from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<Covers>,
}

/// What the server said of a conversation in the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    pub node: Uuid,
    /// The first one first.
    pub messages: Vec<Message>,
}

/// A message, as far as it is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub id: Uuid,
    pub nth: u32,
    pub role: Uuid,
    pub text: String,
    #[serde(default)]
    pub changed_at: Option<i64>,
    #[serde(default)]
    pub is_withdrawn: bool,
    #[serde(default)]
    pub reply_to: Option<Quoted>,
}

/// A message that is answered, as the answer shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    pub id: Uuid,
    pub role: Uuid,
    pub text: String,
    #[serde(default)]
    pub is_withdrawn: bool,
}

/// The thread that an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    pub thread: Uuid,
    pub kind: String,
    pub to: Uuid,
}

/// A fault that was injected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Injected {
    pub at_us: u64,
    pub what: String,
}

/// A whole run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The number of the event before the run.
    pub from: i64,
    pub tries: Vec<Try>,
    pub heard: Vec<Heard>,
    pub misheard: Vec<Misheard>,
    pub seen: Vec<Seen>,
    pub states: Vec<State>,
    pub talks: Vec<Talk>,
    /// The log after `from`, in the order in which it is read.
    pub log: Vec<Logged>,
    pub injected: Vec<Injected>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
enum Line {
    Run { from: i64 },
    Try(Try),
    Heard(Heard),
    Misheard(Misheard),
    Seen(Seen),
    State(State),
    Talk(Talk),
    Logged(Logged),
    Injected(Injected),
}

impl History {
    /// Writes it, one JSON object a line.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        let all = [Line::Run { from: self.from }]
            .into_iter()
            .chain(self.injected.iter().cloned().map(Line::Injected))
            .chain(self.tries.iter().cloned().map(Line::Try))
            .chain(self.heard.iter().cloned().map(Line::Heard))
            .chain(self.misheard.iter().cloned().map(Line::Misheard))
            .chain(self.seen.iter().cloned().map(Line::Seen))
            .chain(self.states.iter().cloned().map(Line::State))
            .chain(self.talks.iter().cloned().map(Line::Talk))
            .chain(self.log.iter().cloned().map(Line::Logged));
        for line in all {
            serde_json::to_writer(&mut file, &line)?;
            file.write_all(b"\n")?;
        }
        file.flush()
    }

    /// Reads what [`History::write`] wrote.
    ///
    /// # Errors
    /// When the file can't be read or a line is none of ours.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut history = Self::default();
        for line in BufReader::new(File::open(path)?).lines() {
            match serde_json::from_str(&line?)? {
                Line::Run { from } => history.from = from,
                Line::Try(one) => history.tries.push(one),
                Line::Heard(one) => history.heard.push(one),
                Line::Misheard(one) => history.misheard.push(one),
                Line::Seen(one) => history.seen.push(one),
                Line::State(one) => history.states.push(one),
                Line::Talk(one) => history.talks.push(one),
                Line::Logged(one) => history.log.push(one),
                Line::Injected(one) => history.injected.push(one),
            }
        }
        Ok(history)
    }
}
