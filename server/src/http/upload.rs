//! Pictures that people bring by a plain form, and the way to them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use app::served::pictures::{Back, Told, Unfit};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::command::Act;
use domain::id::{NodeId, PictureId, RoleId};
use domain::link::Panel;
use domain::weave::ALT_MAX;
use picture::photo::{self, Photo, Purpose, photo};
use store::door::DoorError;
use store::pictures::{KeepError, Size, Sizes};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::act;
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
/// Forms that are read at once, each with a file in memory, and one of a role: who sends slowly holds up nobody else.
static READING: Semaphore = Semaphore::const_new(24);
static BRINGING: Mutex<BTreeSet<RoleId>> = Mutex::new(BTreeSet::new());
/// Pictures that are made at once: each takes a core and up to 300 MiB for a moment.
static MAKING: Semaphore = Semaphore::const_new(1);
/// Files that may wait to be made; the next one is told to come again.
static WAITING: Semaphore = Semaphore::const_new(8);
/// Under one address there is one picture, but nobody keeps it for others, or for long: who removes theirs, or leaves, takes it with them.
const CACHE: &str = "private, max-age=3600";
/// What nothing shows any more is for those alone who may see it.
const HIDDEN_CACHE: &str = "private, no-store";
/// Whatever a browser makes of it, it can do nothing.
const POLICY: &str = "default-src 'none'; sandbox";

/// `GET /bilder/{id}`: a picture.
pub(super) async fn large(
    State(web): State<Web>,
    visitor: Visitor,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    file(&web, &visitor, (&id, Size::Large), &headers).await
}

/// `GET /bilder/{id}/klein`: the same, small.
pub(super) async fn small(
    State(web): State<Web>,
    visitor: Visitor,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    file(&web, &visitor, (&id, Size::Small), &headers).await
}

async fn file(
    web: &Web,
    visitor: &Visitor,
    (id, size): (&str, Size),
    headers: &HeaderMap,
) -> Outcome<Response> {
    let id: PictureId = id.parse().map_err(|_| Failure::not_found())?;
    let file = store::pictures::file(&web.store, id, size).await?;
    let file = file.ok_or_else(Failure::not_found)?;
    if !file.is_shown {
        let role = visitor.session()?.and_then(|session| session.role);
        if !file.is_for(role) {
            return Err(Failure::not_found());
        }
    }
    let cache = if file.is_shown { CACHE } else { HIDDEN_CACHE };
    let tag = conditional::tag(id.0.as_bytes());
    let carried = [
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
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
    Ok((carried, [(header::CONTENT_TYPE, "image/jpeg")], file.jpeg).into_response())
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
    let show = |picture, alt| Act::AddPicture { node, picture, alt };
    let (told, alt) = bring(&web, role, Some(node), form, show).await;
    Ok(see(Panel::Pictures(node), &told, alt))
}

/// `POST /ich/bild`: one's own picture.
pub(super) async fn portray(
    State(web): State<Web>,
    visitor: Visitor,
    form: Multipart,
) -> Outcome<Response> {
    let role = acting(&visitor)?;
    let show = |picture, _| Act::PortrayRole {
        picture: Some(picture),
    };
    let (told, _) = bring(&web, role, None, form, show).await;
    Ok(see(Panel::Portrait, &told, None))
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
    Ok(see(Panel::Pictures(node), &told, None))
}

/// `POST /ich/bild/entfernen`: one's own picture is shown no more.
pub(super) async fn remove_portrait(State(web): State<Web>, visitor: Visitor) -> Outcome<Response> {
    let role = acting(&visitor)?;
    web.limits.command(role, visitor.address)?;
    let act = Act::PortrayRole { picture: None };
    let told = submit(&web, role, act, Told::Removed).await;
    Ok(see(Panel::Portrait, &told, None))
}

fn acting(visitor: &Visitor) -> Outcome<RoleId> {
    let session = visitor.session()?.ok_or_else(Failure::signed_out)?;
    session.role.ok_or_else(Failure::signed_out)
}

/// Makes a picture of the file in the form, keeps it, and has it shown by that act. Where it is not taken, what was said about it
/// comes back with the reason, for the next one.
async fn bring(
    web: &Web,
    role: RoleId,
    node: Option<NodeId>,
    form: Multipart,
    show: impl Fn(PictureId, Option<String>) -> Act,
) -> (Told, Option<String>) {
    // Nothing of a file is taken for an act that would be refused, or beyond what one role may bring.
    let any = show(PictureId::derive(role, node, b""), None);
    let place = match may(web, role, any).await {
        Ok(()) => Place::take(role).map_err(Told::Unfit),
        Err(told) => Err(told),
    };
    let mut filled = Filled::default();
    let read = read(form, place.is_ok(), &mut filled).await;
    let Filled { file, alt } = filled;
    let told = match (place, read) {
        (Err(told), _) => told,
        (Ok(_), Err(unfit)) => Told::Unfit(unfit),
        (Ok(place), Ok(())) => {
            let show = |picture| show(picture, alt.clone());
            keep(web, role, node, (file, place), show).await
        }
    };
    let alt = alt.filter(|_| told != Told::Shown);
    (told, alt)
}

async fn keep(
    web: &Web,
    role: RoleId,
    node: Option<NodeId>,
    (file, place): (Vec<u8>, Place),
    show: impl Fn(PictureId) -> Act,
) -> Told {
    let purpose = match node {
        Some(_) => Purpose::Knot,
        None => Purpose::Portrait,
    };
    let Photo { large, small } = match made(file, purpose, place).await {
        Ok(photo) => photo,
        Err(unfit) => return Told::Unfit(unfit),
    };
    let sizes = Sizes { large, small };
    let picture = match store::pictures::keep_for(&web.store, role, node, sizes).await {
        Ok(picture) => picture,
        Err(KeepError::Full) => return Told::Unfit(Unfit::Full),
        Err(KeepError::Store(error)) => {
            tracing::warn!(%error, "a picture could not be kept: {error}");
            return Told::Unfit(Unfit::Busy);
        }
    };
    let told = submit(web, role, show(picture), Told::Shown).await;
    if matches!(told, Told::Refused(_))
        && let Err(error) = store::pictures::forget(&web.store, picture).await
    {
        // It is swept in some hours.
        tracing::warn!(%error, "a refused picture could not be let go: {error}");
    }
    told
}

/// Whether that act would be done as things stand, and the role has not brought too much lately.
async fn may(web: &Web, role: RoleId, act: Act) -> Result<(), Told> {
    let command = act::command(web, role, act);
    let judged = match command {
        Ok(command) => store::door::judge(&web.store, &command).await,
        Err(error) => Err(error),
    };
    match judged {
        Ok(Ok(())) => {}
        Ok(Err(refusal)) => return Err(Told::Refused(refusal)),
        Err(error) => {
            tracing::warn!(%error, "whether a picture may be shown could not be asked: {error}");
            return Err(Told::Unfit(Unfit::Busy));
        }
    }
    let within = web.limits.picture(role);
    within.map_err(|_| Told::Unfit(Unfit::TooMany))
}

/// A role's place among those who bring a file; free again when this is gone.
#[derive(Debug)]
struct Place {
    role: RoleId,
    _reading: SemaphorePermit<'static>,
}

impl Place {
    fn take(role: RoleId) -> Result<Self, Unfit> {
        let _reading = READING.try_acquire().map_err(|_| Unfit::Busy)?;
        let mut bringing = BRINGING.lock().unwrap_or_else(PoisonError::into_inner);
        if !bringing.insert(role) {
            return Err(Unfit::Busy);
        }
        Ok(Self { role, _reading })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut bringing = BRINGING.lock().unwrap_or_else(PoisonError::into_inner);
        bringing.remove(&self.role);
    }
}

/// Makes the picture, one at a time. Whoever goes away meanwhile leaves it to its end, and its place taken until then.
async fn made(file: Vec<u8>, purpose: Purpose, place: Place) -> Result<Photo, Unfit> {
    let waiting = WAITING.try_acquire().map_err(|_| Unfit::Busy)?;
    let making = MAKING.acquire().await.map_err(|_| Unfit::Busy)?;
    let made = tokio::task::spawn_blocking(move || {
        let _held = (waiting, making, place);
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
async fn read(mut form: Multipart, has_room: bool, filled: &mut Filled) -> Result<(), Unfit> {
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
        (false, false) => Ok(()),
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
    match act::submit(web, by, act).await {
        Ok(()) => done,
        Err(DoorError::Refused(refusal)) => Told::Refused(refusal),
        Err(DoorError::Unavailable(reason)) => {
            tracing::warn!(%reason, "a picture could not be taken: {reason}");
            Told::Unfit(Unfit::Busy)
        }
    }
}

/// The panel, which says what became of its form.
fn see(panel: Panel, told: &Told, alt: Option<String>) -> Response {
    let (name, value) = told.parameter();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(name, &value);
    if let Some(alt) = alt {
        let alt: String = alt.chars().take(ALT_MAX as usize).collect();
        query.append_pair("alt", &alt);
    }
    Redirect::to(&format!("{}?{}", panel.path(), query.finish())).into_response()
}

/// What an address says became of a form.
pub(super) fn told(query: &str) -> Back {
    let mut back = Back::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "alt" => back.alt = value.chars().take(ALT_MAX as usize).collect(),
            name => back.told = back.told.or(Told::from_parameter(name, &value)),
        }
    }
    back
}
