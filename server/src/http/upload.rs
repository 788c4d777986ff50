//! Pictures that people bring by a plain form, and the way to them.

use std::time::Duration;

use app::served::pictures::{Told, Unfit};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::command::{Act, COMMAND_VERSION, Command};
use domain::id::{NodeId, PictureId, RoleId};
use domain::link::Panel;
use picture::photo::{self, Photo, Purpose, photo};
use store::door::DoorError;
use store::pictures::{KeepError, Size, Sizes};
use tokio::sync::Semaphore;

use super::conditional;
use super::problem::{Failure, Outcome};
use super::sent::Named;
use super::visitor::Visitor;
use super::web::Web;

/// Bytes of a file.
const FILE_MAX: usize = 10 * 1000 * 1000;
/// Bytes of a form: what is too large is read all the same, since a browser that still sends hears no answer.
pub(super) const BODY_MAX: usize = 48 * 1000 * 1000;
/// Bytes of the words beside a file; the domain counts their characters.
const WORDS_MAX: usize = 4096;
/// How long a form may take: 10 MB at a megabit a second, and some.
pub(super) const PATIENCE: Duration = Duration::from_secs(180);
/// Pictures that are made at once: each takes a core and up to 300 MiB for a moment.
static MAKING: Semaphore = Semaphore::const_new(1);
/// Forms that may wait with their files; the next one is told to come again.
static WAITING: Semaphore = Semaphore::const_new(8);
/// How long the read models may need to have what the next page shows.
const WOVEN_PATIENCE: Duration = Duration::from_secs(2);
/// Under one address there is one picture, for good.
const CACHE: &str = "public, max-age=31536000, immutable";
/// Whatever a browser makes of it, it can do nothing.
const POLICY: &str = "default-src 'none'; sandbox";

/// `GET /bilder/{id}`: a picture.
pub(super) async fn large(
    State(web): State<Web>,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    file(&web, &id, Size::Large, &headers).await
}

/// `GET /bilder/{id}/klein`: the same, small.
pub(super) async fn small(
    State(web): State<Web>,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    file(&web, &id, Size::Small, &headers).await
}

async fn file(web: &Web, id: &str, size: Size, headers: &HeaderMap) -> Outcome<Response> {
    let id: PictureId = id.parse().map_err(|_| Failure::not_found())?;
    let file = store::pictures::file(&web.store, id, size).await?;
    let file = file.ok_or_else(Failure::not_found)?;
    let tag = conditional::tag(id.0.as_bytes());
    let carried = [
        (header::CACHE_CONTROL, HeaderValue::from_static(CACHE)),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(POLICY),
        ),
        (
            header::ETAG,
            HeaderValue::from_str(&tag).map_err(|_| Failure::unavailable())?,
        ),
    ];
    if conditional::holds(headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, carried).into_response());
    }
    Ok((carried, [(header::CONTENT_TYPE, "image/jpeg")], file).into_response())
}

/// `POST /knoten/{id}/bilder`: a picture for a knot.
pub(super) async fn add(
    State(web): State<Web>,
    visitor: Visitor,
    Named(id): Named<String>,
    form: Multipart,
) -> Outcome<Response> {
    let node: NodeId = id.parse().map_err(|_| Failure::not_found())?;
    let role = acting(&visitor)?;
    let brought = bring(&web, role, Some(node), form).await;
    let told = match brought {
        Ok(Brought { picture, alt }) => {
            let act = Act::AddPicture { node, picture, alt };
            submit(&web, role, act, Told::Shown).await
        }
        Err(told) => told,
    };
    Ok(see(Panel::Pictures(node), &told))
}

/// `POST /ich/bild`: one's own picture.
pub(super) async fn portray(
    State(web): State<Web>,
    visitor: Visitor,
    form: Multipart,
) -> Outcome<Response> {
    let role = acting(&visitor)?;
    let told = match bring(&web, role, None, form).await {
        Ok(Brought { picture, .. }) => {
            let picture = Some(picture);
            submit(&web, role, Act::PortrayRole { picture }, Told::Shown).await
        }
        Err(told) => told,
    };
    Ok(see(Panel::Portrait, &told))
}

/// `POST /knoten/{id}/bilder/{picture}/entfernen`: a knot shows it no more.
pub(super) async fn remove(
    State(web): State<Web>,
    visitor: Visitor,
    Named((node, picture)): Named<(String, String)>,
) -> Outcome<Response> {
    let node: NodeId = node.parse().map_err(|_| Failure::not_found())?;
    let picture: PictureId = picture.parse().map_err(|_| Failure::not_found())?;
    let role = acting(&visitor)?;
    web.limits.command(role, visitor.address)?;
    let act = Act::RemovePicture { node, picture };
    let told = submit(&web, role, act, Told::Removed).await;
    Ok(see(Panel::Pictures(node), &told))
}

/// `POST /ich/bild/entfernen`: one's own picture is shown no more.
pub(super) async fn remove_portrait(State(web): State<Web>, visitor: Visitor) -> Outcome<Response> {
    let role = acting(&visitor)?;
    web.limits.command(role, visitor.address)?;
    let act = Act::PortrayRole { picture: None };
    let told = submit(&web, role, act, Told::Removed).await;
    Ok(see(Panel::Portrait, &told))
}

fn acting(visitor: &Visitor) -> Outcome<RoleId> {
    let session = visitor.session()?.ok_or_else(Failure::signed_out)?;
    session.role.ok_or_else(Failure::signed_out)
}

/// A picture that is kept, and what was said beside it.
struct Brought {
    picture: PictureId,
    alt: Option<String>,
}

/// Makes a picture of the file in the form and keeps it; nothing shows it yet.
async fn bring(
    web: &Web,
    role: RoleId,
    node: Option<NodeId>,
    form: Multipart,
) -> Result<Brought, Told> {
    let waiting = WAITING.try_acquire();
    let Filled { file, alt } = read(form, waiting.is_ok()).await.map_err(Told::Unfit)?;
    let waiting = waiting.map_err(|_| Told::Unfit(Unfit::Busy))?;
    web.limits
        .picture(role)
        .map_err(|_| Told::Unfit(Unfit::TooMany))?;
    let purpose = match node {
        Some(_) => Purpose::Knot,
        None => Purpose::Portrait,
    };
    let Photo { large, small } = made(file, purpose, waiting).await.map_err(Told::Unfit)?;
    let sizes = Sizes { large, small };
    match store::pictures::keep_for(&web.store, role, node, sizes).await {
        Ok(picture) => Ok(Brought { picture, alt }),
        Err(KeepError::Full) => Err(Told::Unfit(Unfit::Full)),
        Err(KeepError::Store(error)) => {
            tracing::warn!(%error, "a picture could not be kept: {error}");
            Err(Told::Unfit(Unfit::Busy))
        }
    }
}

/// Makes the picture, one at a time. Whoever goes away meanwhile leaves it to its end, and its place taken until then.
async fn made(
    file: Vec<u8>,
    purpose: Purpose,
    waiting: tokio::sync::SemaphorePermit<'static>,
) -> Result<Photo, Unfit> {
    let making = MAKING.acquire().await.map_err(|_| Unfit::Busy)?;
    let made = tokio::task::spawn_blocking(move || {
        let _held = (waiting, making);
        photo(&file, purpose)
    });
    match made.await {
        Ok(Ok(photo)) => Ok(photo),
        Ok(Err(photo::Unfit::NotAPicture)) => Err(Unfit::NotAPicture),
        Ok(Err(photo::Unfit::TooManyPixels)) => Err(Unfit::TooManyPixels),
        Ok(Err(photo::Unfit::Broken)) => Err(Unfit::Broken),
        Err(error) => {
            tracing::error!(%error, "a picture made its reader end: {error}");
            Err(Unfit::Broken)
        }
    }
}

/// What a form brings.
#[derive(Default)]
struct Filled {
    file: Vec<u8>,
    alt: Option<String>,
}

/// Reads the form to its end, and keeps its file where there is room for it.
async fn read(mut form: Multipart, has_room: bool) -> Result<Filled, Unfit> {
    let mut filled = Filled::default();
    let mut is_too_large = false;
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        match field.name() {
            Some("bild") => {
                let max = if has_room { FILE_MAX } else { 0 };
                let (file, rest) = bytes(field, max).await?;
                (filled.file, is_too_large) = (file, rest);
            }
            Some("alt") => {
                let (words, _) = bytes(field, WORDS_MAX).await?;
                let words = String::from_utf8_lossy(&words).trim().to_owned();
                filled.alt = Some(words).filter(|words| !words.is_empty());
            }
            _ => _ = bytes(field, 0).await?,
        }
    }
    match (is_too_large, filled.file.is_empty()) {
        (true, _) if has_room => Err(Unfit::TooLarge),
        (true, _) => Err(Unfit::Busy),
        (false, true) => Err(Unfit::NoFile),
        (false, false) => Ok(filled),
    }
}

/// The field's bytes, `max` of them at most, and whether there were more.
async fn bytes(mut field: Field<'_>, max: usize) -> Result<(Vec<u8>, bool), Unfit> {
    let (mut kept, mut is_more) = (Vec::new(), false);
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        let room = max - kept.len();
        is_more |= chunk.len() > room;
        kept.extend(chunk.iter().take(room));
    }
    Ok((kept, is_more))
}

/// A form that is cut, or larger than anything that is read.
fn broken(error: &MultipartError) -> Unfit {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Unfit::TooLarge,
        _ => Unfit::Broken,
    }
}

/// Hands the act in and waits until the next page shows it.
async fn submit(web: &Web, by: RoleId, act: Act, done: Told) -> Told {
    let Ok(id) = store::door::new_order() else {
        return Told::Unfit(Unfit::Busy);
    };
    let command = Command {
        id,
        v: COMMAND_VERSION,
        by,
        issued_at: web.store.now(),
        act,
    };
    match web.door.submit(command).await {
        Ok(receipt) => {
            // Where it takes longer the page is a moment behind.
            let woven = store::weave::read::reached(&web.store, receipt.cursor, WOVEN_PATIENCE);
            _ = woven.await;
            done
        }
        Err(DoorError::Refused(refusal)) => Told::Refused(refusal),
        Err(DoorError::Unavailable(reason)) => {
            tracing::warn!(%reason, "a picture could not be taken: {reason}");
            Told::Unfit(Unfit::Busy)
        }
    }
}

/// The panel, which says what became of its form.
fn see(panel: Panel, told: &Told) -> Response {
    let (name, value) = told.parameter();
    let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    Redirect::to(&format!("{}?{name}={value}", panel.path())).into_response()
}

/// What an address says became of a form.
pub(super) fn told(query: &str) -> Option<Told> {
    form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| Told::from_parameter(&name, &value))
}
