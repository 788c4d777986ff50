//! Parts of the map as feeds, for readers and calendars, which bring no cookies: public ones of any box, and those of the areas that
//! members keep, at addresses that only they know. They tell what the map shows everyone, and nothing of who knotted it: what is read
//! elsewhere stays there when somebody leaves.

mod atom;

use std::time::Duration;

use app::served::areas::Feeds;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use domain::area::Area;
use domain::link::Panel;
use domain::page::Lang;
use domain::problem::ProblemKind;
use domain::weave::NodeKind;
use sha2::{Digest as _, Sha256};
use store::marks::{self, Listed};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::calendar::{self, escaped, event_lines};
use super::conditional;
use super::host;
use super::problem::{Failure, Outcome};
use super::sent::Named;
use super::visitor::Visitor;
use super::web::Web;

/// Knots in a feed at most: the newest.
const KNOTS_MAX: u16 = 100;
/// Events in a calendar at most: the next.
const EVENTS_MAX: u16 = 500;
/// Feeds under way at once: the other readers of the database stay free for pages and rooms.
const AT_ONCE: usize = 2;
static UNDER_WAY: Semaphore = Semaphore::const_new(AT_ONCE);
/// Whoever waits longer is refused, and may ask again.
const WAIT: Duration = Duration::from_secs(2);
/// Readers ask again after that time, in seconds.
const FRESH_S: u32 = 300;

/// What a feed is about.
struct About {
    /// In which its words are.
    lang: Lang,
    /// What it is called, and the name that a member gave.
    title: String,
    shape: Area,
    kinds: Vec<NodeKind>,
    /// Scheme and host under which people reach this.
    base: String,
    /// Its own address.
    address: String,
    /// No cache on the way keeps it: its address is known to its owner alone, or the addresses in it are as this asker named us.
    is_private: bool,
}

/// The addresses of the public feeds of an area, which is a box.
pub(super) fn public(base: &str, area: &Area) -> Feeds {
    let corners = area.corners();
    let degrees = |units: i32| format!("{:.5}", f64::from(units) / 1e7);
    // South-west comes first, north-east two corners later.
    let sides = [
        corners[0].lon,
        corners[0].lat,
        corners[2].lon,
        corners[2].lat,
    ];
    let sides = sides.map(degrees).join(",");
    Feeds {
        atom: format!("{base}/feed.atom?box={sides}"),
        calendar: format!("{base}/feed.ics?box={sides}"),
    }
}

/// The addresses that a secret opens.
pub(super) fn secret(base: &str, secret: &str) -> Feeds {
    Feeds {
        atom: format!("{base}/feed/{secret}/neues.atom"),
        calendar: format!("{base}/feed/{secret}/termine.ics"),
    }
}

/// `GET /feed.atom?box=west,south,east,north&kind=idea,event`: the newest knots in a box.
pub(super) async fn atom(
    State(web): State<Web>,
    visitor: Visitor,
    uri: Uri,
    headers: HeaderMap,
) -> Outcome<Response> {
    let about = of_box(&web, &visitor, &uri, &headers)?;
    as_atom(&web, &headers, &about).await
}

/// `GET /feed.ics?box=…`: the events to come in a box.
pub(super) async fn calendar(
    State(web): State<Web>,
    visitor: Visitor,
    uri: Uri,
    headers: HeaderMap,
) -> Outcome<Response> {
    let about = of_box(&web, &visitor, &uri, &headers)?;
    as_calendar(&web, &headers, &about).await
}

/// `GET /feed/{secret}/neues.atom`: the newest knots in an area that somebody keeps.
pub(super) async fn atom_of(
    State(web): State<Web>,
    visitor: Visitor,
    uri: Uri,
    Named(secret): Named<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let about = of_secret(&web, &visitor, &uri, &headers, &secret).await?;
    as_atom(&web, &headers, &about).await
}

/// `GET /feed/{secret}/termine.ics`: the events to come in an area that somebody keeps.
pub(super) async fn calendar_of(
    State(web): State<Web>,
    visitor: Visitor,
    uri: Uri,
    Named(secret): Named<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let about = of_secret(&web, &visitor, &uri, &headers, &secret).await?;
    as_calendar(&web, &headers, &about).await
}

fn of_box(web: &Web, visitor: &Visitor, uri: &Uri, headers: &HeaderMap) -> Outcome<About> {
    web.limits.feed(visitor.address)?;
    let query = uri.query().unwrap_or_default();
    let (mut sides, mut kinds) = (String::new(), Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "box" => sides = value.into_owned(),
            "kind" => {
                let named = value.split(',').map(NodeKind::from_code);
                let named: Option<Vec<NodeKind>> = named.collect();
                kinds = named.ok_or_else(|| Failure::malformed("kind names kinds of knots"))?;
            }
            _ => {}
        }
    }
    let shape = Area::from_text(&sides)
        .map_err(|flaw| Failure::malformed(format!("box is west,south,east,north: {flaw}")))?;
    let base = host::reached_by(web.public_url.as_deref(), headers);
    Ok(About {
        lang: visitor.lang,
        title: app::feed::of_box(visitor.lang),
        shape,
        kinds,
        address: [&*base, &uri.to_string()].concat(),
        base,
        is_private: web.public_url.is_none(),
    })
}

async fn of_secret(
    web: &Web,
    visitor: &Visitor,
    uri: &Uri,
    headers: &HeaderMap,
    secret: &str,
) -> Outcome<About> {
    web.limits.feed(visitor.address)?;
    let area = marks::feed_of(&web.store, secret).await?;
    let area = area.ok_or_else(Failure::not_found)?;
    let base = host::reached_by(web.public_url.as_deref(), headers);
    Ok(About {
        lang: visitor.lang,
        title: app::feed::of_area(visitor.lang, &area.name),
        shape: area.shape,
        kinds: area.kinds,
        address: [&*base, uri.path()].concat(),
        base,
        is_private: true,
    })
}

async fn as_atom(web: &Web, headers: &HeaderMap, about: &About) -> Outcome<Response> {
    let turn = turn().await?;
    let knots = marks::newest(&web.store, &about.shape, &about.kinds, KNOTS_MAX).await?;
    drop(turn);
    let feed = atom::feed(about, &knots);
    Ok(answer(
        headers,
        about,
        "application/atom+xml; charset=utf-8",
        feed,
    ))
}

async fn as_calendar(web: &Web, headers: &HeaderMap, about: &About) -> Outcome<Response> {
    let has_events = about.kinds.is_empty() || about.kinds.contains(&NodeKind::Event);
    let events = if has_events {
        let _turn = turn().await?;
        marks::coming(&web.store, &about.shape, EVENTS_MAX).await?
    } else {
        Vec::new()
    };
    let lines = events.iter().filter_map(|Listed { node, written_at }| {
        let address = [&*about.base, &Panel::Node(node.id).path()].concat();
        Some(event_lines(node, node.starts_at?, *written_at, &address))
    });
    let about_itself = vec![
        ("X-WR-CALNAME", escaped(&about.title)),
        ("NAME", escaped(&about.title)),
        ("REFRESH-INTERVAL;VALUE=DURATION", "PT1H".to_owned()),
    ];
    let file = calendar::calendar(about_itself, lines.flatten());
    Ok(answer(headers, about, "text/calendar; charset=utf-8", file))
}

/// One of the places of those who read at once, within some time.
async fn turn() -> Outcome<SemaphorePermit<'static>> {
    match tokio::time::timeout(WAIT, UNDER_WAY.acquire()).await {
        Ok(Ok(turn)) => Ok(turn),
        Ok(Err(_)) | Err(_) => {
            let problem = "too many feeds at once";
            Err(Failure::new(ProblemKind::Unavailable, problem))
        }
    }
}

/// The answer, or that the asker has it already.
fn answer(headers: &HeaderMap, about: &About, kind: &'static str, body: String) -> Response {
    let tag = conditional::tag(&Sha256::digest(body.as_bytes()));
    let whose = if about.is_private {
        "private"
    } else {
        "public"
    };
    let carried = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, format!("{whose}, max-age={FRESH_S}")),
        (header::VARY, "Accept-Language, Cookie".to_owned()),
    ];
    if conditional::holds(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, carried).into_response();
    }
    (carried, [(header::CONTENT_TYPE, kind)], body).into_response()
}
