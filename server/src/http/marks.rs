//! The parts of the map that members follow and what is new to them: their panels, and the forms of these.

use app::served;
use app::served::areas::{Areas, Back, Done, Kept};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::area::{Area, AreaFlaw};
use domain::id::{AccountId, AreaId};
use domain::link::{Camera, Panel};
use domain::page::{Detail, NEWS_MAX, Page};
use domain::weave::NodeKind;
use store::marks;
use store::spool::Session;

use super::feed;
use super::news;
use super::problem::{Failure, Outcome};
use super::sent::{Filled, Named};
use super::visitor::Visitor;
use super::web::Web;

/// What a form sends: names and values, some more than once.
type Fields = Vec<(String, String)>;

/// Draws the panel that is open, where it is one of these, and counts what is new.
pub(super) async fn draw(
    web: &Web,
    visitor: &Visitor,
    page: &mut Page,
    (base, query): (&str, &str),
) -> Outcome<()> {
    let session = visitor.session()?;
    match page.panel {
        Panel::News(nth) => {
            let drawn = match session {
                Some(session) => news::news(web, session, nth).await?,
                None => news::none(),
            };
            served::news::draw(page, &drawn);
        }
        Panel::Areas => {
            let drawn = all(web, session, page.camera, (base, query)).await?;
            served::areas::draw(page, &drawn);
        }
        Panel::Area(id) => {
            let kept = match session {
                Some(session) => marks::area(&web.store, session.account, id).await?,
                None => None,
            };
            match kept {
                Some(area) => {
                    let kept = kept_as(web, &area, base);
                    served::areas::draw_one(page, &kept, back(query).as_ref(), done(query));
                }
                None => page.detail = Detail::Missing,
            }
        }
        _ => {}
    }
    if let Some(session) = session {
        let (account, role) = (session.account, session.role);
        // A page is worth more than what it says of others.
        page.news = marks::count(&web.store, account, role, NEWS_MAX)
            .await
            .unwrap_or_else(|error| {
                tracing::warn!(%error, "what is new could not be counted: {error}");
                0
            });
    }
    Ok(())
}

async fn all(
    web: &Web,
    session: Option<&Session>,
    camera: Camera,
    (base, query): (&str, &str),
) -> Outcome<Areas> {
    let kept = match session {
        Some(session) => marks::areas(&web.store, session.account).await?,
        None => Vec::new(),
    };
    let view = Area::in_view(camera).ok();
    Ok(Areas {
        kept: kept.iter().map(|area| kept_as(web, area, base)).collect(),
        next: marks::next_id()?,
        view: view.map(|area| {
            let feeds = feed::public(base, &area);
            (area, feeds)
        }),
        back: back(query),
        done: done(query),
    })
}

fn kept_as(web: &Web, area: &marks::Area, base: &str) -> Kept {
    let secret = marks::feed_secret(&web.store, area);
    Kept {
        id: area.id,
        name: area.name.clone(),
        kinds: area.kinds.clone(),
        shape: area.shape.clone(),
        feeds: feed::secret(base, &secret),
    }
}

/// What a form came back with, as the address says.
fn back(query: &str) -> Option<Back> {
    let fields = fields(query);
    Some(Back {
        flaw: AreaFlaw::from_code(value(&fields, "fehler"))?,
        name: value(&fields, "name").to_owned(),
        kinds: kinds(&fields),
        shape: Area::from_text(value(&fields, "corners")).ok(),
    })
}

/// What a form has done, as the address says.
fn done(query: &str) -> Option<Done> {
    Done::from_code(value(&fields(query), "gebiet"))
}

fn fields(query: &str) -> Fields {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// `POST /gebiete`: keeps an area.
pub(super) async fn keep(
    State(web): State<Web>,
    visitor: Visitor,
    Filled(fields): Filled<Fields>,
) -> Outcome<Response> {
    let Some(account) = asker(&web, &visitor)? else {
        return Ok(Redirect::to(&Panel::SignIn.path()).into_response());
    };
    let id = value(&fields, "id").parse::<AreaId>();
    let id = id.map_err(|_| Failure::malformed("id is an id of the form's"))?;
    let kept = match wanted(&fields) {
        Ok(wanted) => marks::keep(&web.store, account, id, wanted).await,
        Err(flaw) => Err(flaw.into()),
    };
    answer(kept.map(|()| Done::Kept), Panel::Areas, &fields)
}

/// `POST /gebiete/{id}`: calls it otherwise, or has it elsewhere.
pub(super) async fn reword(
    State(web): State<Web>,
    visitor: Visitor,
    Named(id): Named<String>,
    Filled(fields): Filled<Fields>,
) -> Outcome<Response> {
    let Some((account, id)) = own(&web, &visitor, &id)? else {
        return Ok(Redirect::to(&Panel::SignIn.path()).into_response());
    };
    let done = match wanted(&fields) {
        Ok(wanted) => marks::reword(&web.store, account, id, wanted).await,
        Err(flaw) => Err(flaw.into()),
    };
    if matches!(done, Ok(false)) {
        return Err(Failure::not_found());
    }
    answer(done.map(|_| Done::Saved), Panel::Area(id), &fields)
}

/// `POST /gebiete/{id}/entfernen`: follows it no longer.
pub(super) async fn forget(
    State(web): State<Web>,
    visitor: Visitor,
    Named(id): Named<String>,
    Filled(fields): Filled<Fields>,
) -> Outcome<Response> {
    let Some((account, id)) = own(&web, &visitor, &id)? else {
        return Ok(Redirect::to(&Panel::SignIn.path()).into_response());
    };
    // Whoever sends it twice finds it gone as well.
    marks::forget(&web.store, account, id).await?;
    answer(Ok(Done::Removed), Panel::Areas, &fields)
}

/// `POST /gebiete/{id}/adresse`: ends the addresses of its feeds, which get new ones.
pub(super) async fn renew(
    State(web): State<Web>,
    visitor: Visitor,
    Named(id): Named<String>,
    Filled(fields): Filled<Fields>,
) -> Outcome<Response> {
    let Some((account, id)) = own(&web, &visitor, &id)? else {
        return Ok(Redirect::to(&Panel::SignIn.path()).into_response());
    };
    if !marks::renew_feed(&web.store, account, id).await? {
        return Err(Failure::not_found());
    }
    answer(Ok(Done::Renewed), Panel::Area(id), &fields)
}

/// Who sends a form, within their share of them; none: nobody is signed in.
fn asker(web: &Web, visitor: &Visitor) -> Outcome<Option<AccountId>> {
    let Some(session) = visitor.session()? else {
        return Ok(None);
    };
    web.limits.area(visitor.address)?;
    Ok(Some(session.account))
}

fn own(web: &Web, visitor: &Visitor, id: &str) -> Outcome<Option<(AccountId, AreaId)>> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    Ok(asker(web, visitor)?.map(|account| (account, id)))
}

fn value<'a>(fields: &'a Fields, name: &str) -> &'a str {
    let mut fields = fields.iter();
    let found = fields.find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// The kinds that were chosen, each once.
fn kinds(fields: &Fields) -> Vec<NodeKind> {
    let mut kinds: Vec<NodeKind> = fields
        .iter()
        .filter(|(key, _)| key == "kind")
        .filter_map(|(_, code)| NodeKind::from_code(code))
        .collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn wanted(fields: &Fields) -> Result<marks::Wanted, AreaFlaw> {
    let corners = value(fields, "corners");
    Ok(marks::Wanted {
        name: value(fields, "name").to_owned(),
        kinds: kinds(fields),
        shape: (!corners.is_empty())
            .then(|| Area::from_text(corners))
            .transpose()?,
    })
}

/// Back to a panel, where one looked, with what was done; or with what was wrong, and all that was filled in.
fn answer(
    done: Result<Done, marks::KeepError>,
    panel: Panel,
    fields: &Fields,
) -> Outcome<Response> {
    let mut address = panel.path();
    address.push('?');
    if let Ok(camera) = value(fields, "view").parse::<Camera>() {
        address.push_str(&camera.to_string());
        address.push('&');
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    match done {
        Ok(done) => _ = query.append_pair("gebiet", done.code()),
        Err(marks::KeepError::Flaw(flaw)) => {
            query.append_pair("fehler", flaw.code());
            // What is too long for an area is too long for an address as well.
            let name: String = value(fields, "name").chars().take(NAME_KEPT).collect();
            query.append_pair("name", &name);
            for kind in kinds(fields) {
                query.append_pair("kind", kind.code());
            }
            // What can't be an area has to be drawn anew.
            if let Ok(shape) = Area::from_text(value(fields, "corners")) {
                query.append_pair("corners", &shape.text());
            }
        }
        Err(marks::KeepError::Store(error)) => return Err(error.into()),
    }
    address.push_str(&query.finish());
    Ok(Redirect::to(&address).into_response())
}

/// Characters of a name that come back with what was wrong.
const NAME_KEPT: usize = 120;
