//! What the server has to say in the end: the public log, and the state of every room that a socket showed.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::time::sleep;
use uuid::Uuid;

use crate::cursor;
use crate::history::{Logged, Message, State, Talk, Tie};
use crate::http::{HttpError, Line};
use crate::room::{Room, View};

/// Events at most that are looked through for what the system did before anybody came.
const STARTING_MAX: i64 = 100;
/// Events on a page of the log.
const PAGE: usize = 1000;
/// Conversations that are asked for at most.
const TALKS_MAX: usize = 300;
/// How often, and after how long, something is asked again that was answered with "later".
const ASKED_AGAIN_MAX: usize = 20;
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Why the server could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum GatherError {
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error("{what} was answered with {status}: {body}")]
    Refused {
        what: String,
        status: u16,
        body: String,
    },
    #[error("{what} is not as /api/openapi.json describes it: {line}")]
    Unreadable { what: &'static str, line: String },
}

#[derive(Deserialize)]
struct RoomState<'a> {
    cursor: &'a str,
    #[serde(borrow)]
    view: View<'a>,
}

#[derive(Deserialize)]
struct TalkPage {
    messages: Vec<Message>,
}

/// Where the log ends now, as text and as a number.
///
/// # Errors
/// When the server does not tell.
pub async fn position(address: SocketAddr, room: &str) -> Result<(String, i64), GatherError> {
    let state = ask(&mut Line::to(address), &format!("/api/cells/{room}")).await?;
    let state: Value = json(&state)?;
    // What a room tells without being asked for more may be a little older.
    let (_, text) = log_after(address, state["cursor"].as_str().unwrap_or_default()).await?;
    let number = cursor::number(&text).ok_or_else(|| GatherError::Unreadable {
        what: "a cursor",
        line: text.clone(),
    })?;
    Ok((text, number))
}

/// Where a run begins in the log, as text and as a number: at its end, or at its beginning where nobody has acted yet. What the
/// system does by itself when it starts is of the run then, which is compared whole.
///
/// # Errors
/// When the server does not tell.
pub async fn beginning(address: SocketAddr, room: &str) -> Result<(String, i64), GatherError> {
    let end = position(address, room).await?;
    if end.1 > STARTING_MAX {
        return Ok(end);
    }
    let (log, _) = log_after(address, "").await?;
    let is_untouched = log.iter().all(|event| event.role.is_none());
    Ok(if is_untouched {
        (String::new(), 0)
    } else {
        end
    })
}

/// The public log after a position, from its beginning where that is empty, and the position of its end.
///
/// # Errors
/// When the server does not tell, or tells what is no event.
pub async fn log_after(
    address: SocketAddr,
    after: &str,
) -> Result<(Vec<Logged>, String), GatherError> {
    let mut line = Line::to(address);
    let (mut after, mut events) = (after.to_owned(), Vec::new());
    loop {
        let path = if after.is_empty() {
            format!("/api/events?limit={PAGE}")
        } else {
            format!("/api/events?limit={PAGE}&after={after}")
        };
        let page = ask(&mut line, &path).await?;
        let page = String::from_utf8_lossy(&page).into_owned();
        if page.is_empty() {
            return Ok((events, after));
        }
        for text in page.lines() {
            let value: Value = json(text.as_bytes())?;
            if let Some(cursor) = value["cursor"].as_str() {
                cursor.clone_into(&mut after);
            }
            events.push(event(&value).ok_or_else(|| GatherError::Unreadable {
                what: "an event",
                line: text.to_owned(),
            })?);
        }
    }
}

/// The state of every one of `rooms`, at `min` or later.
///
/// # Errors
/// When the server does not tell.
pub async fn states(
    address: SocketAddr,
    rooms: &BTreeSet<String>,
    min: &str,
) -> Result<Vec<State>, GatherError> {
    let mut line = Line::to(address);
    let mut states = Vec::with_capacity(rooms.len());
    for cell in rooms {
        let state = ask(&mut line, &format!("/api/cells/{cell}?min={min}")).await?;
        let RoomState { cursor, view } = json(&state)?;
        states.push(State {
            cell: cell.clone(),
            number: cursor::number(cursor).unwrap_or(-1),
            room: Room::full(&view).map_err(|_| unreadable("a room", &state))?,
        });
    }
    Ok(states)
}

/// The conversations in which more than saying something has happened, by the log, at `min` or later.
///
/// # Errors
/// When the server does not tell.
pub async fn talks(
    address: SocketAddr,
    log: &[Logged],
    min: &str,
) -> Result<Vec<Talk>, GatherError> {
    let answered = |event: &Logged| event.reply_to.and(event.tie.as_ref()).map(|tie| tie.to);
    let nodes: BTreeSet<Uuid> = log
        .iter()
        .filter_map(|event| event.node.or_else(|| answered(event)))
        .collect();
    let mut line = Line::to(address);
    let mut talks = Vec::new();
    for node in nodes.into_iter().take(TALKS_MAX) {
        let mut messages: Vec<Message> = Vec::new();
        loop {
            let before = messages
                .last()
                .map_or(String::new(), |oldest| format!("&before={}", oldest.id));
            let path = format!("/api/nodes/{node}/messages?limit=200&min={min}{before}");
            let page: TalkPage = json(&ask(&mut line, &path).await?)?;
            let is_all = page.messages.last().is_none_or(|oldest| oldest.nth <= 1);
            messages.extend(page.messages);
            if is_all {
                break;
            }
        }
        messages.reverse();
        talks.push(Talk { node, messages });
    }
    Ok(talks)
}

/// Asks, and asks again as long as the server says "later".
async fn ask(line: &mut Line, path: &str) -> Result<Vec<u8>, GatherError> {
    let mut answer = line.get(path).await?;
    for _ in 0..ASKED_AGAIN_MAX {
        if answer.status != 503 {
            break;
        }
        sleep(AGAIN_AFTER).await;
        answer = line.get(path).await?;
    }
    if answer.status == 200 {
        return Ok(answer.body);
    }
    Err(GatherError::Refused {
        what: path.to_owned(),
        status: answer.status,
        body: String::from_utf8_lossy(&answer.body).into_owned(),
    })
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, GatherError> {
    serde_json::from_slice(body).map_err(|_| unreadable("an answer", body))
}

fn unreadable(what: &'static str, body: &[u8]) -> GatherError {
    let line = String::from_utf8_lossy(body).into_owned();
    GatherError::Unreadable { what, line }
}

/// The id of what a thread leads to: a knot, or a role.
fn to(target: &str) -> &str {
    target.strip_prefix("role/").unwrap_or(target)
}

/// What is there and can be read.
fn told<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

fn event(line: &Value) -> Option<Logged> {
    let id = |value: &Value| Uuid::try_parse(value.as_str()?).ok();
    let tie = &line["tie"];
    let payload = &line["payload"];
    // A knot has a text beside its title, a role tags beside what it says about itself; of a message the text is all.
    let text = ["title", "name", "text", "about"]
        .iter()
        .find_map(|name| payload[name]["text"]["open"].as_str());
    Some(Logged {
        id: line["id"].as_i64()?,
        at: line["at"].as_i64()?,
        stream: line["stream"].as_str()?.to_owned(),
        stream_version: u32::try_from(line["stream_version"].as_u64()?).ok()?,
        role: id(&line["actor"]["role"]),
        command: id(&line["command_id"])?,
        kind: payload["type"].as_str()?.to_owned(),
        cell: line["cell"].as_str().map(str::to_owned),
        tie: match tie {
            Value::Null => None,
            tie => Some(Tie {
                thread: id(&tie["thread"])?,
                kind: tie["kind"].as_str()?.to_owned(),
                to: Uuid::try_parse(to(tie["to"].as_str()?)).ok()?,
            }),
        },
        title: text.map(str::to_owned),
        skills: payload["skills"]["text"]["open"]
            .as_str()
            .map(str::to_owned),
        node: id(&payload["node"]),
        reply_to: id(&payload["reply_to"]),
        level: told(&payload["level"]),
        covers: told(&payload["covers"]),
    })
}
