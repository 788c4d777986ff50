//! Someone who talks to the running binary as the page does.

use std::time::Duration;

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::id::{CommandId, NodeId, RoleId};
use domain::place::Place;
use domain::spool::Placement;
use domain::weave::{NodeKind, Particulars};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use store::{Clock, SystemClock};

use crate::harness::{PATIENCE, Server};

/// Where the tests weave.
pub(crate) const HERE: Place = Place {
    lat: 484_100_000,
    lon: 156_100_000,
};

/// Someone with cookies and a role.
pub(crate) struct Person {
    base: String,
    http: reqwest::Client,
    pub(crate) role: RoleId,
}

impl Person {
    /// Signs in by a letter and registers a role.
    pub(crate) async fn new(server: &Server, name: &str) -> Self {
        let person = Self {
            base: base(server),
            http: reqwest::Client::builder()
                .cookie_store(true)
                // A request that outlives this has found a server that hangs.
                .timeout(PATIENCE)
                .build()
                .expect("a client"),
            role: RoleId(store::testing::id()),
        };
        let email = format!("{}@weben.test", name.to_lowercase());
        let asked = person
            .post_until_taken("/api/session/mail", &json!({ "email": email }))
            .await;
        assert_eq!(asked, StatusCode::ACCEPTED);
        let mailbox = mailbox(server);
        let reading = async {
            loop {
                let page = person.get(&mailbox).await;
                let page = page.text().await.expect("the mailbox");
                if let Some(at) = page.find(&email) {
                    return (page, at);
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let (page, at) = tokio::time::timeout(PATIENCE, reading)
            .await
            .unwrap_or_else(|_| panic!("within {PATIENCE:?}: a letter to {email}"));
        let code = page[at..]
            .split(|c: char| !c.is_ascii_digit())
            .find(|digits| digits.len() == 8)
            .expect("a code");
        let body = json!({ "email": email, "code": code });
        let signed_in = person.post_until_taken("/api/session/code", &body).await;
        assert_eq!(signed_in, StatusCode::NO_CONTENT);
        let register = person.command(Act::RegisterRole {
            name: name.to_owned(),
            placement: Placement::Hidden,
        });
        person.submit_until_told(&register).await;
        person
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        let asked = self.http.get(format!("{}{path}", self.base)).send();
        asked.await.expect("an answer")
    }

    async fn post(&self, path: &str, body: &Value) -> Response {
        let asked = self.http.post(format!("{}{path}", self.base)).json(body);
        asked.send().await.expect("an answer")
    }

    /// Again while it is not available: a machine under load may not be, just after a start.
    async fn post_until_taken(&self, path: &str, body: &Value) -> StatusCode {
        let sending = async {
            loop {
                let answer = self.post(path, body).await;
                if answer.status() != StatusCode::SERVICE_UNAVAILABLE {
                    return answer.status();
                }
                assert_for_now(answer).await;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(PATIENCE, sending)
            .await
            .unwrap_or_else(|_| panic!("within {PATIENCE:?}: {path}"))
    }

    pub(crate) fn command(&self, act: Act) -> Command {
        Command {
            id: CommandId(store::testing::id()),
            v: COMMAND_VERSION,
            by: self.role,
            issued_at: SystemClock.now(),
            act,
        }
    }

    /// A command that knots an idea.
    pub(crate) fn idea(&self, title: &str) -> Command {
        self.command(Act::KnotNode {
            node: NodeId(store::testing::id()),
            kind: NodeKind::Idea,
            title: title.to_owned(),
            text: String::new(),
            place: HERE,
            starts_at: None,
            particulars: Particulars::default(),
        })
    }

    pub(crate) async fn submit(&self, command: &Command) -> Response {
        self.post("/api/commands", &json!({ "command": command }))
            .await
    }

    /// Sends the same command again and again until it has its receipt, as an outbox does; the number of its event.
    /// Whatever is said meanwhile must say that it is for now.
    pub(crate) async fn submit_until_told(&self, command: &Command) -> i64 {
        let sending = async {
            loop {
                let answer = self.submit(command).await;
                if answer.status() == StatusCode::OK {
                    let receipt: Value = answer.json().await.expect("a receipt");
                    let cursor = receipt["cursor"].as_str().expect("a cursor");
                    let id = cursor.rsplit('.').next().expect("three parts");
                    return id.parse().expect("a number");
                }
                assert_for_now(answer).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, sending)
            .await
            .unwrap_or_else(|_| panic!("within {PATIENCE:?}: {command:?}"))
    }

    /// The ids of the public log's events with the commands that they come from.
    pub(crate) async fn log(&self) -> Vec<(i64, CommandId)> {
        let (mut after, mut log) = (String::new(), Vec::new());
        loop {
            let page = self.get(&format!("/api/events?limit=1000{after}")).await;
            let page = page.text().await.expect("a page of the log");
            let Some(last) = page.lines().last() else {
                return log;
            };
            let read = |line: &str| serde_json::from_str::<Value>(line).expect("JSON");
            after = format!("&after={}", read(last)["cursor"].as_str().expect("text"));
            log.extend(page.lines().map(read).map(|event| {
                let command = event["command_id"].clone();
                (
                    event["id"].as_i64().expect("a number"),
                    serde_json::from_value(command).expect("an id"),
                )
            }));
        }
    }
}

/// It says that it is not available just now, and when to come again.
pub(crate) async fn assert_for_now(answer: Response) {
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        answer.headers().contains_key("retry-after"),
        "{:?}",
        answer.headers()
    );
    let problem: Value = answer.json().await.expect("a problem");
    assert_eq!(problem["type"], "urn:weltgewebe:unavailable", "{problem}");
}

fn base(server: &Server) -> String {
    let words = server.words();
    let (_, rest) = words.split_once("ready: ").expect("it is ready");
    let base = rest.lines().next().expect("an address");
    base.trim_end_matches('/').to_owned()
}

fn mailbox(server: &Server) -> String {
    server.wait_for_words("/postfach?token=");
    let words = server.words();
    let (_, rest) = words.split_once("/postfach?token=").expect("it is there");
    format!("/postfach?token={}", rest.lines().next().expect("a token"))
}
