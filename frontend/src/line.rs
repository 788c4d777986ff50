//! The live channel's state machine, without any I/O: when to connect, to ask for a sign of life, to give up.

use domain::time::Millis;
use domain::wire::{CloseCode, LineState, PING_EVERY_MS, retry_delay_ms};

/// How long a connection may take to say hello, in milliseconds.
pub const HELLO_WITHIN_MS: i64 = 10_000;
/// How long a sign of life may take, in milliseconds.
pub const PONG_WITHIN_MS: i64 = 5_000;
/// The same when someone has just looked at the page again: a frozen tab's socket only looks open.
pub const PONG_WITHIN_VISIBLE_MS: i64 = 2_000;
/// How long after a receipt its effect may take to arrive before it is asked for, in milliseconds.
pub const EFFECT_WITHIN_MS: i64 = 2_500;
/// A line that was heard of so recently is not doubted, in milliseconds: an outbox that waited asks many questions in a row.
const DOUBTED_EVERY_MS: i64 = 1000;
/// The attempt from which on people are told that nobody answers rather than that the connection is being made.
const LONG: u32 = 5;
/// The attempt from which on a server that sent us away is asked again: half a minute apart.
const SENT_AWAY: u32 = 6;

/// Where the line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Tries again at this moment.
    Waiting(Millis),
    /// Gives up at this moment.
    Connecting(Millis),
    /// Said hello.
    Live,
}

/// What is to be done with the socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Do {
    /// Close what there is and open a new socket.
    Connect,
    /// Send a ping.
    Ping,
    /// Close it: it is dead.
    Close,
}

/// The line of one page.
#[derive(Clone, Debug)]
pub struct Line {
    phase: Phase,
    /// Fruitless attempts since the last hello.
    attempt: u32,
    /// The device says that it has no network at all.
    offline: bool,
    /// The server has answered a question since the last hello, and none after that was in vain.
    answered: bool,
    next_ping: Millis,
    /// Until when the awaited sign of life must be there.
    pong_by: Option<Millis>,
    /// The server has said that it does not hear its database.
    away: bool,
}

impl Line {
    /// A line that connects at once.
    #[must_use]
    pub const fn new(now: Millis, offline: bool) -> Self {
        Self {
            phase: Phase::Waiting(now),
            attempt: 0,
            offline,
            answered: false,
            next_ping: now,
            pong_by: None,
            away: false,
        }
    }

    /// As people see it.
    #[must_use]
    pub const fn state(&self) -> LineState {
        match self.phase {
            // Something answers, but nothing that is done or asked for.
            Phase::Live if self.away => LineState::Unanswered,
            Phase::Live => LineState::Live,
            Phase::Waiting(_) | Phase::Connecting(_) if self.offline => LineState::Offline,
            Phase::Waiting(_) | Phase::Connecting(_) if self.attempt >= LONG => {
                if self.answered {
                    LineState::Deaf
                } else {
                    LineState::Unanswered
                }
            }
            Phase::Waiting(_) | Phase::Connecting(_) => LineState::Reconnecting,
        }
    }

    /// Whether the server has said hello on this connection.
    #[must_use]
    pub const fn is_greeted(&self) -> bool {
        matches!(self.phase, Phase::Live)
    }

    /// Fruitless attempts since the last hello.
    #[must_use]
    pub const fn fruitless(&self) -> u32 {
        self.attempt
    }

    /// Whether it is time to find out if the server answers at all.
    #[must_use]
    pub const fn is_in_doubt(&self) -> bool {
        self.attempt >= LONG - 1 && !self.offline
    }

    /// Whether the server has answered a question that did not go by this line.
    pub const fn asked(&mut self, answered: bool) {
        self.answered = answered;
    }

    /// Whether the server hears its database, as it says.
    pub const fn told(&mut self, away: bool) {
        self.away = away;
    }

    /// The next moment at which [`Line::tick`] wants to be asked.
    #[must_use]
    pub fn due(&self) -> Millis {
        match self.phase {
            Phase::Waiting(at) | Phase::Connecting(at) => at,
            Phase::Live => self
                .pong_by
                .map_or(self.next_ping, |by| by.min(self.next_ping)),
        }
    }

    /// What time has brought.
    pub fn tick(&mut self, now: Millis, random: u16) -> Option<Do> {
        match self.phase {
            Phase::Waiting(at) if at <= now => {
                self.phase = Phase::Connecting(now + HELLO_WITHIN_MS);
                Some(Do::Connect)
            }
            Phase::Connecting(until) if until <= now => {
                self.wait(now, random);
                Some(Do::Close)
            }
            Phase::Live if self.pong_by.is_some_and(|by| by <= now) => {
                self.attempt = 0;
                self.phase = Phase::Waiting(now);
                Some(Do::Close)
            }
            Phase::Live if self.next_ping <= now => Some(self.ping(now, PONG_WITHIN_MS)),
            Phase::Waiting(_) | Phase::Connecting(_) | Phase::Live => None,
        }
    }

    fn ping(&mut self, now: Millis, within: i64) -> Do {
        let by = now + within;
        self.pong_by = Some(self.pong_by.map_or(by, |old| old.min(by)));
        self.next_ping = now + i64::from(PING_EVERY_MS);
        Do::Ping
    }

    /// The server said hello.
    pub fn greeted(&mut self, now: Millis) {
        self.phase = Phase::Live;
        self.attempt = 0;
        self.offline = false;
        self.answered = false;
        self.next_ping = now + i64::from(PING_EVERY_MS);
        self.pong_by = None;
        self.away = false;
    }

    /// Anything was heard: the line is alive.
    pub const fn heard(&mut self) {
        self.pong_by = None;
    }

    /// The socket has closed, with the server's code if it gave one.
    pub fn closed(&mut self, now: Millis, code: u16, random: u16) {
        let sent_away = [
            CloseCode::Malformed,
            CloseCode::TooManyRooms,
            CloseCode::TooMany,
        ];
        if sent_away.iter().any(|reason| reason.code() == code) {
            self.attempt = self.attempt.max(SENT_AWAY);
        }
        self.wait(now, random);
    }

    fn wait(&mut self, now: Millis, random: u16) {
        // Where the device says that there is no network, it says so too when there is one again.
        let attempt = if self.offline {
            SENT_AWAY
        } else {
            self.attempt
        };
        self.phase = Phase::Waiting(now + i64::from(retry_delay_ms(attempt, random)));
        self.attempt = self.attempt.saturating_add(1);
        self.pong_by = None;
    }

    /// Someone looks at the page again: the line proves itself or is made anew.
    pub fn looked_at(&mut self, now: Millis) -> Option<Do> {
        match self.phase {
            Phase::Live => Some(self.ping(now, PONG_WITHIN_VISIBLE_MS)),
            Phase::Waiting(_) => {
                self.phase = Phase::Waiting(now);
                None
            }
            Phase::Connecting(_) => None,
        }
    }

    /// Something was asked of the server: the line proves itself too, so that "live" is not said of one that hangs.
    pub fn asks(&mut self, now: Millis) -> Option<Do> {
        let since = now + i64::from(PING_EVERY_MS) - self.next_ping;
        (self.phase == Phase::Live && self.pong_by.is_none() && since >= DOUBTED_EVERY_MS)
            .then(|| self.ping(now, PONG_WITHIN_MS))
    }

    /// The device has lost or found its network. Its "online" is only a hint, its "offline" is true.
    pub fn network(&mut self, now: Millis, offline: bool, random: u16) -> Option<Do> {
        self.offline = offline;
        if offline {
            self.wait(now, random);
            return Some(Do::Close);
        }
        self.attempt = 0;
        self.looked_at(now)
    }

    /// Another session is to speak: connects anew, at once.
    pub const fn renew(&mut self, now: Millis) {
        self.phase = Phase::Waiting(now);
        self.attempt = 0;
        self.pong_by = None;
    }

    /// An act was accepted: should nothing arrive, its effect is asked for.
    pub fn expect_effect(&mut self, now: Millis) {
        self.next_ping = self.next_ping.min(now + EFFECT_WITHIN_MS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Millis = Millis(1_000_000);

    fn live() -> Line {
        let mut line = Line::new(START, false);
        assert_eq!(line.tick(START, 0), Some(Do::Connect));
        line.greeted(START);
        line
    }

    #[test]
    fn it_is_live_only_after_hello() {
        let mut line = Line::new(START, false);
        assert_eq!(line.state(), LineState::Reconnecting);
        assert_eq!(line.tick(START, 0), Some(Do::Connect));
        assert_eq!(line.state(), LineState::Reconnecting);
        assert!(!line.is_greeted());
        line.greeted(START);
        assert_eq!(line.state(), LineState::Live);
        assert!(line.is_greeted());
        line.closed(START, 1006, 0);
        assert_eq!(line.state(), LineState::Reconnecting);
        assert_eq!(line.due(), START + 500);
    }

    #[test]
    fn a_connection_without_hello_is_given_up_and_retries_grow() {
        let mut line = Line::new(START, false);
        let mut now = START;
        let mut waits = Vec::new();
        for _ in 0..4 {
            assert_eq!(line.tick(now, 0), Some(Do::Connect));
            now = line.due();
            assert_eq!(line.tick(now, 0), Some(Do::Close));
            waits.push(line.due() - now);
            now = line.due();
        }
        assert_eq!(waits, [500, 1000, 2000, 4000]);
        assert_eq!(line.state(), LineState::Reconnecting);
        line.closed(now, 1006, 0);
        assert_eq!(line.state(), LineState::Unanswered);
        // Only the device can say that there is no network.
        assert_eq!(line.network(now, true, 0), Some(Do::Close));
        assert_eq!(line.state(), LineState::Offline);
        assert_eq!(line.network(now, false, 0), None);
        assert_eq!(line.state(), LineState::Reconnecting);
    }

    #[test]
    fn a_server_that_answers_questions_is_not_said_to_be_silent() {
        let mut line = live();
        let mut now = START;
        let mut doubted = 0;
        for _ in 0..6 {
            line.closed(now, 1006, 0);
            doubted += usize::from(line.is_in_doubt());
            now = line.due();
            assert_eq!(line.tick(now, 0), Some(Do::Connect));
        }
        assert_eq!(doubted, 3, "asked before it is told, and again each time");
        assert_eq!(line.state(), LineState::Unanswered);
        line.asked(true);
        assert_eq!(line.state(), LineState::Deaf);
        line.asked(false);
        assert_eq!(line.state(), LineState::Unanswered);
        line.asked(true);
        line.greeted(now);
        assert_eq!(line.state(), LineState::Live);
    }

    #[test]
    fn a_server_that_does_not_hear_its_database_is_not_said_to_be_live() {
        let mut line = live();
        line.told(true);
        assert_eq!(line.state(), LineState::Unanswered);
        line.told(false);
        assert_eq!(line.state(), LineState::Live);
    }

    #[test]
    fn silence_after_a_ping_ends_the_line_and_anything_heard_keeps_it() {
        let mut line = live();
        let ping_at = line.due();
        assert_eq!(ping_at, START + i64::from(PING_EVERY_MS));
        assert_eq!(line.tick(ping_at, 0), Some(Do::Ping));
        line.heard();
        assert_eq!(line.tick(ping_at + PONG_WITHIN_MS, 0), None);
        let again = line.due();
        assert_eq!(line.tick(again, 0), Some(Do::Ping));
        assert_eq!(line.tick(again + PONG_WITHIN_MS, 0), Some(Do::Close));
        assert_eq!(line.state(), LineState::Reconnecting);
        assert_eq!(line.tick(again + PONG_WITHIN_MS, 0), Some(Do::Connect));
    }

    #[test]
    fn a_question_asks_for_a_sign_of_life_once_in_a_while() {
        let mut line = live();
        assert_eq!(line.asks(START + 10), None, "it has just said hello");
        assert_eq!(line.asks(START + DOUBTED_EVERY_MS), Some(Do::Ping));
        let by = START + DOUBTED_EVERY_MS + PONG_WITHIN_MS;
        assert_eq!(line.due(), by);
        assert_eq!(line.asks(by + -1), None, "one is on its way");
        assert_eq!(line.tick(by, 0), Some(Do::Close));
        assert_eq!(line.asks(by), None, "it is not there");
    }

    #[test]
    fn being_looked_at_asks_for_a_quick_sign_of_life() {
        let mut line = live();
        assert_eq!(line.looked_at(START + 10), Some(Do::Ping));
        assert_eq!(line.due(), START + 10 + PONG_WITHIN_VISIBLE_MS);
        let mut waiting = live();
        waiting.closed(START, CloseCode::TooMany.code(), 0);
        assert_eq!(waiting.due(), START + 30_000);
        assert_eq!(waiting.looked_at(START + 10), None);
        assert_eq!(waiting.tick(START + 10, 0), Some(Do::Connect));
    }

    #[test]
    fn without_network_it_says_offline_and_comes_back_at_once() {
        let mut line = live();
        assert_eq!(line.network(START, true, 0), Some(Do::Close));
        assert_eq!(line.state(), LineState::Offline);
        assert_eq!(line.due(), START + 30_000);
        assert_eq!(line.network(START + 5, false, 0), None);
        assert_eq!(line.state(), LineState::Reconnecting);
        assert_eq!(line.tick(START + 5, 0), Some(Do::Connect));
    }

    #[test]
    fn an_accepted_act_brings_the_ping_forward() {
        let mut line = live();
        line.expect_effect(START);
        assert_eq!(line.due(), START + EFFECT_WITHIN_MS);
        assert_eq!(line.tick(START + EFFECT_WITHIN_MS, 0), Some(Do::Ping));
    }
}
