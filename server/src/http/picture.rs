//! The pictures that messengers show beside a link: of a knot, and of the weave as it begins.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::{NodeId, RoleId};
use domain::lens::Lens;
use domain::place::{Place, Radius};
use domain::view::{NodeRow, ThreadRow};
use picture::card::Card;
use picture::{Letters, Woven};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::conditional;
use super::problem::{Failure, Outcome};
use super::sent::Named;
use super::web::Web;

/// Knots and threads that are read for a picture.
const KNOTS: u16 = 40;
const THREADS: u16 = 200;
/// Pictures drawn at once: each takes a core for a moment.
const AT_ONCE: usize = 1;
/// Requests that may wait for it; the next one is told to come again.
const WAITING_MAX: usize = 16;
/// Bytes of pictures that are kept; the oldest goes first.
const KEPT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The weave changes all the time, its picture need not: messengers ask once a link is sent.
const CACHE: &str = "public, max-age=600";
/// Of what draws: another one makes other pictures of the same rows.
const EDITION: &str = concat!("2 ", env!("CARGO_PKG_VERSION"));

/// The typeface of the page; none where the site has none.
static LETTERS: LazyLock<Option<Letters>> = LazyLock::new(|| {
    let file =
        |part| super::site::content(&format!("fonts/source-sans-3-{part}-wght-normal.woff2"));
    let (latin, extended) = (file("latin")?, file("latin-ext")?);
    Letters::from_woff2(&[&latin, &extended])
        .inspect_err(|error| tracing::error!(%error, "pictures have no letters: {error}"))
        .ok()
});

/// Pictures that were drawn, and room to draw more.
#[derive(Debug)]
pub struct Pictures {
    waiting: Arc<Semaphore>,
    drawing: Arc<Semaphore>,
    kept: Mutex<VecDeque<(String, Bytes)>>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self {
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
            drawing: Arc::new(Semaphore::new(AT_ONCE)),
            kept: Mutex::default(),
        }
    }
}

/// What a picture is drawn from.
struct Subject {
    title: String,
    nodes: Vec<NodeRow>,
    threads: Vec<ThreadRow>,
    radii: BTreeMap<RoleId, Radius>,
    now: domain::time::Millis,
    centre: Place,
    middle: Option<NodeId>,
}

impl Subject {
    fn card(&self) -> Card<'_> {
        Card {
            title: &self.title,
            foot: if self.middle.is_some() { NAME } else { "" },
            woven: Woven {
                nodes: self.nodes.iter().collect(),
                threads: &self.threads,
                radii: &self.radii,
                now: self.now,
            },
            centre: self.centre,
            middle: self.middle,
        }
    }

    /// Names what is drawn: the same picture has the same.
    fn tag(&self) -> String {
        let card = self.card();
        let mut drawn = Sha256::new();
        drawn.update(EDITION);
        drawn.update(format!("{}\n{:?}", card.title, card.scene()));
        conditional::tag(&drawn.finalize())
    }
}

/// The name of all this, in every language.
const NAME: &str = "Weltgewebe";

/// `GET /bild.png`: the weave where the map begins.
pub(super) async fn start(State(web): State<Web>, headers: HeaderMap) -> Outcome<Response> {
    let centre = super::page::beginning(&web).await?.centre;
    let (nodes, threads) = around(&web, centre).await?;
    let subject = Subject {
        title: NAME.to_owned(),
        nodes,
        radii: store::weave::read::radii(&web.store, &threads).await?,
        threads,
        now: web.store.now(),
        centre,
        middle: None,
    };
    answer(&web, subject, &headers).await
}

/// `GET /knoten/{id}/bild.png`: a knot with what holds it.
pub(super) async fn node(
    State(web): State<Web>,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let id: NodeId = id.parse().map_err(|_| Failure::not_found())?;
    let found = store::weave::read::node(&web.store, id).await?;
    let (node, own) = found.ok_or_else(Failure::not_found)?;
    let now = web.store.now();
    if node.facts().undone_at(now).is_some() {
        // As its page says.
        let no_store = [(header::CACHE_CONTROL, "no-store")];
        return Ok((StatusCode::GONE, no_store).into_response());
    }
    let (centre, title) = (node.place, node.title.clone());
    let (mut nodes, mut threads) = around(&web, centre).await?;
    // Its own first, whatever else is near.
    nodes.retain(|near| near.id != id);
    nodes.insert(0, node);
    threads.retain(|thread| thread.target != id.into());
    threads.splice(0..0, own.into_iter().take(usize::from(THREADS)));
    let subject = Subject {
        title,
        nodes,
        radii: store::weave::read::radii(&web.store, &threads).await?,
        threads,
        now,
        centre,
        middle: Some(id),
    };
    answer(&web, subject, &headers).await
}

async fn around(web: &Web, centre: Place) -> Outcome<(Vec<NodeRow>, Vec<ThreadRow>)> {
    let near = store::weave::read::near(&web.store, centre, (Lens::default(), None), KNOTS).await?;
    let nodes: Vec<NodeRow> = near.into_iter().map(|near| near.node).collect();
    let ids: Vec<NodeId> = nodes.iter().map(|node| node.id).collect();
    let threads = store::weave::read::threads(&web.store, &ids, THREADS).await?;
    Ok((nodes, threads))
}

async fn answer(web: &Web, subject: Subject, headers: &HeaderMap) -> Outcome<Response> {
    let tag = subject.tag();
    let carried = [
        (header::CACHE_CONTROL, HeaderValue::from_static(CACHE)),
        (
            header::ETAG,
            HeaderValue::from_str(&tag).map_err(|_| Failure::unavailable())?,
        ),
    ];
    if conditional::holds(headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, carried).into_response());
    }
    let png = web.pictures.of(tag, subject).await?;
    Ok((carried, [(header::CONTENT_TYPE, "image/png")], png).into_response())
}

impl Pictures {
    /// The picture of that tag, drawn where it is not kept.
    async fn of(&self, tag: String, subject: Subject) -> Outcome<Bytes> {
        if let Some(png) = self.kept(&tag) {
            return Ok(png);
        }
        let waiting = self.waiting.clone().try_acquire_owned();
        let waiting = waiting.map_err(|_| Failure::unavailable())?;
        let drawing = self.drawing.clone().acquire_owned().await;
        let drawing = drawing.map_err(|_| Failure::unavailable())?;
        // Somebody else may have asked for the same.
        if let Some(png) = self.kept(&tag) {
            return Ok(png);
        }
        // Whoever goes away meanwhile leaves the drawing to its end, and its place taken until then.
        let drawn = tokio::task::spawn_blocking(move || {
            let _held = (waiting, drawing);
            LETTERS.as_ref().map(|letters| subject.card().png(letters))
        });
        match drawn.await {
            Ok(Some(Ok(png))) => {
                let png = Bytes::from(png);
                self.keep(tag, png.clone());
                Ok(png)
            }
            Ok(Some(Err(error))) => {
                tracing::warn!(%error, "a picture could not be drawn: {error}");
                Err(Failure::unavailable())
            }
            Ok(None) => Err(Failure::unavailable()),
            Err(error) => {
                tracing::error!(%error, "drawing a picture ended before it was done: {error}");
                Err(Failure::unavailable())
            }
        }
    }

    fn kept(&self, tag: &str) -> Option<Bytes> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(known, _)| known == tag);
        found.map(|(_, png)| png.clone())
    }

    fn keep(&self, tag: String, png: Bytes) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((tag, png));
        let mut bytes: usize = kept.iter().map(|(_, png)| png.len()).sum();
        while bytes > KEPT_BYTES_MAX {
            let Some((_, gone)) = kept.pop_front() else {
                return;
            };
            bytes -= gone.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let pictures = Pictures::default();
        let large = Bytes::from(vec![0; KEPT_BYTES_MAX / 4 + 1]);
        for tag in ["a", "b", "c", "d"] {
            pictures.keep(tag.to_owned(), large.clone());
        }
        assert!(pictures.kept("a").is_none(), "the oldest went");
        assert!(pictures.kept("b").is_some() && pictures.kept("d").is_some());
    }
}
