//! Someone who acts: chooses an act, sends it until it is decided as a browser's outbox does, and notes every sending.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::act::{self, Act, CREATE, Command, Covers, Level, Placement};
use crate::cursor;
use crate::history::{Answer, Try};
use crate::http::Line;
use crate::random::Random;
use crate::sign_in::Person;
use crate::stopwatch::Stopwatch;
use crate::town::{Said, Town};
use crate::words;

/// The first wait before an act is sent again, and the longest.
const AGAIN_FIRST: Duration = Duration::from_millis(50);
const AGAIN_LAST: Duration = Duration::from_secs(1);
/// Own knots and messages that are remembered to be changed.
const OWN_MAX: usize = 200;
/// The version of commands.
const VERSION: u16 = 1;

/// What a writer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// All that people, outboxes and broken clients do: to find out what goes wrong.
    Everything,
    /// Of a hundred acts ninety new knots, nine on knots that are there, one the same again: to compare figures.
    Weaving,
    /// Of a hundred acts sixty new knots with a text, forty messages: to be searched.
    Telling,
    /// A new knot for each joining of one that is there: threads are twice as many as knots.
    Settling,
}

/// A writer with a connection of its own.
#[derive(Debug)]
pub struct Writer {
    line: Line,
    person: Person,
    random: Random,
    pub mix: Mix,
    town: Arc<Town>,
    watch: Stopwatch,
    own: Vec<Own>,
    said: Vec<Said>,
    last: Option<Command>,
    /// The position of the last accepted act.
    pub cursor: String,
    /// Every sending so far.
    pub tries: Vec<Try>,
}

/// A knot of one's own.
#[derive(Clone, Copy, Debug)]
struct Own {
    node: Uuid,
    version: u32,
    is_twisted: bool,
}

#[derive(Serialize)]
struct Submission<'a> {
    command: &'a Command,
}

#[derive(Deserialize)]
struct Receipt {
    command: Uuid,
    cursor: String,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(rename = "type")]
    kind: String,
    refusal: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    rule: String,
}

impl Writer {
    /// One who has not acted yet.
    #[must_use]
    pub fn new(
        address: SocketAddr,
        person: Person,
        random: Random,
        town: Arc<Town>,
        watch: Stopwatch,
    ) -> Self {
        Self {
            line: Line::to(address),
            person,
            random,
            mix: Mix::Everything,
            town,
            watch,
            own: Vec::new(),
            said: Vec::new(),
            last: None,
            cursor: String::new(),
            tries: Vec::new(),
        }
    }

    /// Registers the role, so that it can act.
    pub async fn register(&mut self, until_us: u64) -> Answer {
        let placement = self.placement();
        let name = self.person.name.clone();
        let command = self.command(Act::RegisterRole { name, placement });
        let now = self.watch.now_us();
        self.submit(&command, now, until_us).await
    }

    /// One act, which should have begun at `intended_us`; sent again until it is decided or `until_us` is over.
    pub async fn act(&mut self, intended_us: u64, until_us: u64) -> Answer {
        let command = match self.mix {
            Mix::Everything => self.choose(),
            Mix::Weaving => self.weave(),
            Mix::Telling => self.tell(),
            Mix::Settling => self.settle(),
        };
        let answer = self.submit(&command, intended_us, until_us).await;
        if matches!(answer, Answer::Accepted { .. }) {
            self.remember(&command);
            self.last = Some(command);
        }
        answer
    }

    /// Says something at that knot; sent again until it is decided or `until_us` is over.
    pub async fn say_at(&mut self, node: Uuid, until_us: u64) -> Answer {
        let message = self.random.id(self.watch.wall_ms());
        let act = self.say(message, node, false);
        let command = self.command(act);
        let now = self.watch.now_us();
        self.submit(&command, now, until_us).await
    }

    /// Whose role it is.
    #[must_use]
    pub const fn role(&self) -> Uuid {
        self.person.role
    }

    /// Mostly new knots, joining others', talking and answering there; some vouch for others, which only few may; of a hundred a few change,
    /// twist, untwist or take back what is one's own or move the spool, and a few are what outboxes and broken clients do: the same
    /// again, the same id for something else,
    /// something that can't be.
    fn choose(&mut self) -> Command {
        let roll = self.random.below(1000);
        match (roll, self.last.clone()) {
            (0..10, Some(same)) => return same,
            (10..15, Some(reused)) => {
                let act = Act::JoinNode {
                    node: self.random.id(self.watch.wall_ms()),
                    level: Level::Interest,
                };
                return Command { act, ..reused };
            }
            _ => {}
        }
        let unknown = self.random.id(self.watch.wall_ms());
        let act = match roll {
            0..25 => Act::JoinNode {
                node: unknown,
                level: Level::Interest,
            },
            25..40 => Act::RenameRole {
                name: format!("Last {}", self.random.below(10_000)),
            },
            40..80 if !self.own.is_empty() => {
                let own = self.own[self.random.below(self.own.len())];
                Act::ChangeNode {
                    node: own.node,
                    based_on: own.version,
                    title: format!("Neuer Titel {}", self.random.below(10_000)),
                }
            }
            80..200 => match self.town.knot(&mut self.random) {
                Some(node) if roll < 140 => Act::JoinNode {
                    node,
                    level: Level::ALL[self.random.below(3)],
                },
                Some(node) => self.say(unknown, node, roll >= 170),
                None => self.new_knot(),
            },
            200..260 if !self.own.is_empty() => self.twist(),
            285..300 => match self.town.role(&mut self.random) {
                Some(role) if roll < 297 => Act::VouchFor { role },
                Some(role) => Act::WithdrawVouch { role },
                None => self.new_knot(),
            },
            260..275 => Act::PlaceRole {
                placement: self.placement(),
            },
            275..285 => Act::DescribeRole {
                about: format!("Seit {} Jahren hier.", self.random.below(80)),
                skills: vec![format!("Brot {}", self.random.below(100))],
            },
            285..320 if !self.said.is_empty() => self.say_otherwise(roll),
            _ => self.new_knot(),
        };
        self.command(act)
    }

    /// Says something at a knot, or answers what somebody said somewhere, if anybody did.
    fn say(&mut self, message: Uuid, node: Uuid, answers: bool) -> Act {
        let answered = answers
            .then(|| self.town.message(&mut self.random))
            .flatten();
        Act::SendMessage {
            message,
            node: answered.map_or(node, |said| said.node),
            text: format!("Ich bringe {} Stühle mit.", self.random.below(100)),
            reply_to: answered.map(|said| said.message),
        }
    }

    /// Changes a message of one's own or takes it back; some mean one of somebody else's.
    fn say_otherwise(&mut self, roll: usize) -> Act {
        let mut said = self.said[self.random.below(self.said.len())];
        if roll < 290 {
            said = self.town.message(&mut self.random).unwrap_or(said);
        }
        let Said { message, node } = said;
        if roll.is_multiple_of(2) {
            return Act::WithdrawMessage { message, node };
        }
        Act::ChangeMessage {
            message,
            node,
            text: format!("Doch nur {} Stühle.", self.random.below(100)),
        }
    }

    /// Twists and covers twice as often as it untwists; one in ten is for a thread that is not so. Where none fits, it is any of one's own.
    fn twist(&mut self) -> Act {
        let lot = self.random.below(5);
        let twists = lot < 2;
        let is_mistaken = self.random.below(10) == 0;
        let fitting = |own: &&Own| own.is_twisted != (twists != is_mistaken);
        let fitting: Vec<&Own> = self.own.iter().filter(fitting).collect();
        let node = match fitting.as_slice() {
            [] => self.own[self.random.below(self.own.len())].node,
            some => some[self.random.below(some.len())].node,
        };
        let thread = act::thread(self.person.role, CREATE, node);
        if lot > 2 {
            let covers = self.covers();
            return Act::CoverYarn {
                thread,
                node,
                covers,
            };
        }
        if twists {
            Act::TwistThread { thread, node }
        } else {
            Act::UntwistThread { thread, node }
        }
    }

    fn covers(&mut self) -> Covers {
        Covers {
            text: self.random.below(2) == 0,
            talk: self.random.below(4) == 0,
            pictures: (self.random.below(2) == 0).then(Vec::new),
        }
    }

    /// Every other one has a spool on the map.
    fn placement(&mut self) -> Placement {
        if self.random.below(2) == 0 {
            return Placement::Hidden;
        }
        let place = self.town.place(&mut self.random);
        Placement::Exact { place }
    }

    fn weave(&mut self) -> Command {
        let roll = self.random.below(100);
        if let (0, Some(same)) = (roll, self.last.clone()) {
            return same;
        }
        let act = match self.town.knot(&mut self.random) {
            Some(node) if roll < 5 => Act::JoinNode {
                node,
                level: Level::Interest,
            },
            Some(node) if roll < 10 => Act::SendMessage {
                message: self.random.id(self.watch.wall_ms()),
                node,
                text: format!("Ich bringe {} Stühle mit.", self.random.below(100)),
                reply_to: None,
            },
            _ => self.new_knot(),
        };
        self.command(act)
    }

    fn settle(&mut self) -> Command {
        let joins = matches!(
            self.last,
            Some(Command {
                act: Act::KnotNode { .. },
                ..
            })
        );
        let act = match self.town.knot(&mut self.random) {
            Some(node) if joins => Act::JoinNode {
                node,
                level: Level::default(),
            },
            _ => self.new_knot(),
        };
        self.command(act)
    }

    fn tell(&mut self) -> Command {
        let roll = self.random.below(100);
        let act = match self.town.knot(&mut self.random) {
            Some(node) if roll < 40 => {
                let count = 5 + self.random.below(15);
                Act::SendMessage {
                    message: self.random.id(self.watch.wall_ms()),
                    node,
                    text: words::line(&mut self.random, count),
                    reply_to: None,
                }
            }
            _ => {
                let count = 1 + self.random.below(3);
                let title = words::line(&mut self.random, count);
                let count = self.random.below(40);
                Act::KnotNode {
                    node: self.random.id(self.watch.wall_ms()),
                    kind: "tool".to_owned(),
                    title,
                    text: words::line(&mut self.random, count),
                    place: self.town.place(&mut self.random),
                    starts_at: None,
                }
            }
        };
        self.command(act)
    }

    fn new_knot(&mut self) -> Act {
        let node = self.random.id(self.watch.wall_ms());
        let title = format!("Knoten {}", self.random.below(1_000_000));
        Act::knot(node, title, self.town.place(&mut self.random))
    }

    fn command(&mut self, act: Act) -> Command {
        let now = self.watch.wall_ms();
        Command {
            id: self.random.id(now),
            v: VERSION,
            by: self.person.role,
            issued_at: now,
            act,
        }
    }

    fn remember(&mut self, command: &Command) {
        match command.act {
            Act::KnotNode { node, .. } if self.last.as_ref() != Some(command) => {
                self.town.remember(node);
                if self.own.len() < OWN_MAX {
                    self.own.push(Own {
                        node,
                        version: 1,
                        is_twisted: false,
                    });
                }
            }
            Act::SendMessage { message, node, .. } if self.last.as_ref() != Some(command) => {
                let said = Said { message, node };
                self.town.hear(said);
                if self.said.len() < OWN_MAX {
                    self.said.push(said);
                }
            }
            Act::WithdrawMessage { message, .. } => {
                self.said.retain(|said| said.message != message);
            }
            Act::ChangeNode { node, based_on, .. } => {
                if let Some(own) = self.own_mut(node) {
                    own.version = based_on + 1;
                }
            }
            Act::TwistThread { node, .. } | Act::UntwistThread { node, .. } => {
                if let Some(own) = self.own_mut(node) {
                    own.is_twisted = matches!(command.act, Act::TwistThread { .. });
                }
            }
            _ => {}
        }
    }

    fn own_mut(&mut self, node: Uuid) -> Option<&mut Own> {
        self.own.iter_mut().find(|own| own.node == node)
    }

    async fn submit(&mut self, command: &Command, intended_us: u64, until_us: u64) -> Answer {
        // A command is made of text and numbers: it always has a JSON form.
        let body = serde_json::to_vec(&Submission { command }).unwrap_or_default();
        let mut again = AGAIN_FIRST;
        loop {
            let sent_us = self.watch.now_us();
            let answer = self.ask(command.id, &body).await;
            let answered_us = self.watch.now_us();
            self.tries.push(Try {
                command: command.id,
                role: command.by,
                act: command.act.clone(),
                intended_us,
                sent_us,
                answered_us,
                answer: answer.clone(),
            });
            if !matches!(answer, Answer::Open { .. }) || answered_us >= until_us {
                return answer;
            }
            tokio::time::sleep(again).await;
            again = (again * 2).min(AGAIN_LAST);
        }
    }

    async fn ask(&mut self, id: Uuid, body: &[u8]) -> Answer {
        let answer = self
            .line
            .post("/api/commands", &self.person.cookie, body)
            .await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let why = error.to_string();
                return Answer::Open { why };
            }
        };
        if answer.status == 200 {
            let receipt: Result<Receipt, _> = serde_json::from_slice(&answer.body);
            if let Ok(receipt) = receipt.as_ref() {
                self.cursor.clone_from(&receipt.cursor);
            }
            let number = receipt
                .ok()
                .filter(|receipt| receipt.command == id)
                .and_then(|receipt| cursor::number(&receipt.cursor));
            // A receipt for something else is an answer too, and no good one: the checker meets a number that is none.
            return Answer::Accepted {
                number: number.unwrap_or(-1),
            };
        }
        match serde_json::from_slice(&answer.body) {
            Ok(Problem {
                kind,
                refusal: Some(refusal),
            }) if kind == "urn:weltgewebe:refused" => Answer::Refused { rule: refusal.rule },
            Ok(Problem { kind, .. }) => Answer::Open { why: kind },
            Err(_) => Answer::Open {
                why: format!("status {}", answer.status),
            },
        }
    }
}
