//! Pages, rendered whole from what is in the read models, and the same data as JSON for the client.

use app::served::pictures::Back;
use app::shell::Around;
use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use domain::id::{MessageId, NodeId};
use domain::lens::Lens;
use domain::link::{Camera, Panel};
use domain::page::{Detail, NEAR_MAX, Page, SignInStep, TalkPage, Viewer};
use domain::place::Place;
use domain::problem::Problem;
use domain::search::{Order, Search};
use domain::talk::RECENT_MAX;
use domain::view::NodeRow;
use domain::weave::NodeKind;
use domain::weave::is_marked;
use picture::Woven;
use serde::Deserialize;
use store::Store;

use super::community;
use super::host;
use super::language::{LANGUAGE_COOKIE, asked};
use super::problem::Outcome;
use super::sent::Asked;
use super::session::cookie_that_lasts;
use super::visitor::Visitor;
use super::web::Web;
use crate::markdown;

/// Where the map begins when nothing is woven yet and no place was asked for: the middle of Europe.
const NOWHERE: Camera = Camera {
    centre: Place {
        lat: 501_000_000,
        lon: 98_000_000,
    },
    zoom_centi: 400,
};
/// The zoom at which a neighbourhood fills a phone.
const NEIGHBOURHOOD_ZOOM: u16 = 1500;
/// What a view is fitted to.
const PHONE_WIDTH_PX: f64 = 390.0;
/// Side of the world's picture at zoom 0.
const TILE_PX: f64 = 512.0;
/// Threads that are read for a page's still picture.
const THREADS_DRAWN: u16 = 150;

/// Any address that is no API: a page, or a file, which is the same for everyone and asks for no session.
pub(super) async fn page(State(web): State<Web>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let path = parts.uri.path();
    let panel = Panel::from_path(path);
    let is_file = |path: &str| {
        path.rsplit('/')
            .next()
            .is_some_and(|name| name.contains('.'))
    };
    if panel == Panel::Unknown && is_file(path) {
        return super::site::file(path, &parts.headers);
    }
    let Ok(visitor) = Visitor::from_request_parts(&mut parts, &web).await;
    match whole(&web, &visitor, panel, &parts).await {
        Ok(response) => response,
        Err(failure) => failure.into_response(),
    }
}

async fn whole(web: &Web, visitor: &Visitor, panel: Panel, parts: &Parts) -> Outcome<Response> {
    let query = parts.uri.query().unwrap_or_default();
    let view = View {
        panel,
        camera: Camera::from_query(query),
        lens: Lens::from_query(query),
        before: domain::talk::link::before(query),
        search: Search::from_query(query),
        told: super::upload::told(query),
    };
    let base = host::reached_by(web.public_url.as_deref(), &parts.headers);
    let page = collect(web, visitor, view, (&base, query)).await?;
    let page = Page {
        sign_in: step(query),
        ..page
    };
    let weave = still(web, &page).await?;
    let said = match &page.detail {
        Detail::Node { node, .. } => markdown::plain(&node.text),
        _ => String::new(),
    };
    let around = Around {
        assets: super::site::assets(),
        basemap: web.basemap.as_ref().map(|_| super::basemap::PATH),
        nonce: &store::spool::random_token()?,
        base: &base,
        weave: &weave,
        said: &said,
    };
    let mut response = html(page, &around, query);
    if let (Some(token), Some(_)) = (&visitor.token, visitor.session()?) {
        // Use makes the session last, so its cookie must last as long.
        let (name, value) = cookie_that_lasts(&parts.headers, token)?;
        response.headers_mut().append(name, value);
    }
    Ok(response)
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// The path of the page's address.
    path: String,
    /// Where it looks: `@lat,lon,zoom`, in degrees.
    view: Option<String>,
    /// What of it is wanted, as the address of the page has it.
    linse: Option<String>,
    /// A page of what was said before that message, as the address of the page has it.
    vor: Option<String>,
    /// What is searched, as the address of the page has it.
    q: Option<String>,
    /// In which order what is found is wanted, as the address of the page has it.
    nach: Option<String>,
    /// The query of the address that the page was loaded by: what became of a form, as its redirect says.
    mit: Option<String>,
    /// The language of its words, `de` or `en`; without it that of the cookie, else the browser's.
    #[expect(dead_code, reason = "`Visitor` reads it, as of every address")]
    lang: Option<String>,
}

/// The data of a page, for its own script, so that links are followed without a reload. What it looks like changes
/// with the script; other clients read rooms and events.
#[utoipa::path(
    get, path = "/api/page", params(PageQuery),
    responses(
        (status = 200, content_type = "application/json", description = "all that the page shows"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn data(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    Asked(query): Asked<PageQuery>,
) -> Outcome<Response> {
    let came_with = query.mit.unwrap_or_default();
    let view = View {
        panel: Panel::from_path(&query.path),
        camera: query.view.and_then(|view| view.parse().ok()),
        lens: query
            .linse
            .and_then(|lens| lens.parse().ok())
            .unwrap_or_default(),
        before: query.vor.and_then(|id| id.parse().ok()),
        search: Search::new(
            &query.q.unwrap_or_default(),
            Order::from_address(query.nach.as_deref()),
        ),
        told: super::upload::told(&came_with),
    };
    let base = host::reached_by(web.public_url.as_deref(), &headers);
    let page = collect(&web, &visitor, view, (&base, &came_with)).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)).into_response())
}

/// What an address asks for.
struct View {
    panel: Panel,
    camera: Option<Camera>,
    lens: Lens,
    before: Option<MessageId>,
    search: Search,
    told: Back,
}

/// All that the page shows; `base` and `query` are those of its address.
async fn collect(
    web: &Web,
    visitor: &Visitor,
    view: View,
    (base, query): (&str, &str),
) -> Outcome<Page> {
    let View {
        panel,
        camera,
        lens,
        before,
        search,
        told,
    } = view;
    let store = &web.store;
    // First: what is read afterwards includes all up to there.
    let cursor = store::weave::read::checkpoint(store).await?;
    let (mut drawn, mut pictured) = (None, None);
    let detail =
        match panel {
            Panel::Node(id) | Panel::Change(id) => match store::weave::read::node(store, id).await?
            {
                Some((node, threads)) => Detail::Node {
                    prose: prose(panel, &node),
                    node,
                    threads,
                    talk: Some(talk(store, id, before).await?),
                },
                None => Detail::Missing,
            },
            Panel::Role(id) => store::weave::read::role(store, id).await?.map_or(
                Detail::Missing,
                |(role, threads)| Detail::Role { role, threads },
            ),
            Panel::Thread(id) => store::weave::read::thread(store, id).await?.map_or(
                Detail::Missing,
                |(thread, end)| Detail::Thread { thread, end },
            ),
            Panel::History(id, before) => {
                drawn = super::history::history(store, id, before).await?;
                Detail::Missing
            }
            // Drawn once it is known who looks.
            Panel::Yarn(id) => store::weave::read::thread(store, id).await?.map_or(
                Detail::Missing,
                |(thread, end)| Detail::Thread { thread, end },
            ),
            Panel::Pictures(id) => {
                pictured = store::weave::read::nodes(store, &[id]).await?.remove(&id);
                Detail::Missing
            }
            Panel::Unknown | Panel::Portrait => Detail::Missing,
            Panel::Home
            | Panel::Search
            | Panel::Weave
            | Panel::Me
            | Panel::News(_)
            | Panel::Areas
            | Panel::Area(_)
            | Panel::SignIn => Detail::None,
        };
    let camera = match camera {
        Some(camera) => camera,
        None => match at_detail(&detail)
            .or(drawn.as_ref().map(|(node, _)| node.place))
            .or(pictured.as_ref().map(|node| node.place))
        {
            Some(centre) => Camera {
                centre,
                zoom_centi: NEIGHBOURHOOD_ZOOM,
            },
            None => beginning(web).await?,
        },
    };
    let detail = match panel {
        Panel::Search => found(web, visitor, search, camera.centre).await,
        _ => detail,
    };
    let viewer = match visitor.session()? {
        None => Viewer::Guest,
        Some(session) => {
            let (account, email) = (session.account, session.email.clone());
            let me = match session.role {
                Some(role) => store::weave::read::me(store, role).await?,
                None => None,
            };
            match me {
                Some(me) => Viewer::Role { account, email, me },
                None => Viewer::Account { account, email },
            }
        }
    };
    let unread = match viewer.me() {
        Some(me) => store::talk::marks::unread(store, me.role).await?,
        None => Vec::new(),
    };
    // One more than is listed tells that there are more.
    let who = (lens, viewer.me().map(|me| me.role));
    let mut near = store::weave::read::near(store, camera.centre, who, NEAR_MAX + 1).await?;
    // Whoever looks for something that people have knotted is not helped by what is there by itself.
    let mut knotted = near.iter().map(|near| &near.node);
    let nearest = knotted
        .find(|node| node.kind != NodeKind::Structure)
        .map(|node| node.place);
    near.retain(|near| f64::from(near.distance_m) <= camera.reach_m());
    let mut page = Page {
        now: store.now(),
        lang: visitor.lang,
        offset_min: store::offset_min(store.now()),
        cursor,
        viewer,
        panel,
        camera,
        lens,
        near,
        nearest,
        detail,
        news: 0,
        sign_in: SignInStep::default(),
        is_unprotected: visitor.is_unprotected,
        has_mailbox: web.mailbox.is_some(),
        is_demo: web.is_demo,
        community: store::spool::community(store).await?.name,
        unread,
    };
    if let Some((node, history)) = drawn {
        app::served::history::draw(&mut page, &node, &history);
    }
    if let Some(node) = pictured {
        app::served::pictures::draw(&mut page, &node, &told);
    }
    if panel == Panel::Portrait {
        app::served::pictures::draw_portrait(&mut page, &told);
    }
    if let (Panel::Yarn(_), Detail::Thread { thread, end }) = (panel, page.detail.clone()) {
        app::served::yarn::draw(&mut page, &thread, &end);
    }
    super::marks::draw(web, visitor, &mut page, (base, query)).await?;
    Ok(page)
}

/// The page's weave as a still picture, from its own rows.
async fn still(web: &Web, page: &Page) -> Outcome<String> {
    let nodes: Vec<&NodeRow> = page.near.iter().map(|near| &near.node).collect();
    let ids: Vec<NodeId> = nodes.iter().map(|node| node.id).collect();
    let threads = store::weave::read::threads(&web.store, &ids, THREADS_DRAWN).await?;
    let radii = store::weave::read::radii(&web.store, &threads).await?;
    let woven = Woven {
        nodes,
        threads: &threads,
        radii: &radii,
        now: page.now,
    };
    Ok(picture::svg::view(&woven, page.camera))
}

/// What is found around the middle of the map. Where nothing can be looked for just now, the page says so beside its field.
async fn found(web: &Web, visitor: &Visitor, search: Search, around: Place) -> Detail {
    match super::search::hits(web, visitor.address, &search, around).await {
        Ok(hits) => Detail::Search {
            search,
            hits,
            is_failed: false,
        },
        Err(failure) => {
            tracing::warn!(?failure, "a page shows no search: {}", failure.0.title);
            Detail::Search {
                search,
                hits: Vec::new(),
                is_failed: true,
            }
        }
    }
}

/// What the text of an open knot says, where anything in it is marked up.
fn prose(panel: Panel, node: &NodeRow) -> String {
    let is_shown = matches!(panel, Panel::Node(_));
    if is_shown && is_marked(&node.text) {
        markdown::html(&node.text)
    } else {
        String::new()
    }
}

/// What was said at the knot before that message; where it knows none such, the newest.
async fn talk(store: &Store, node: NodeId, before: Option<MessageId>) -> Outcome<TalkPage> {
    if before.is_some()
        && let Some(messages) = store::talk::read::page(store, node, before, RECENT_MAX).await?
    {
        return Ok(TalkPage { messages, before });
    }
    let newest = store::talk::read::page(store, node, None, RECENT_MAX).await?;
    Ok(TalkPage {
        messages: newest.unwrap_or_default(),
        before: None,
    })
}

/// Where the map begins: the community's centre, as it has decided or whoever runs this has said, else around the newest knot, else what the base map is of.
pub(super) async fn beginning(web: &Web) -> Outcome<Camera> {
    let community = store::spool::community(&web.store).await?;
    if let Some(camera) = community::camera(&community, NEIGHBOURHOOD_ZOOM, PHONE_WIDTH_PX) {
        return Ok(camera);
    }
    if let Some(centre) = web.centre {
        return Ok(centre);
    }
    let camera = match store::weave::read::newest_place(&web.store).await? {
        Some(centre) => Some(Camera {
            centre,
            zoom_centi: NEIGHBOURHOOD_ZOOM,
        }),
        None => all_of_ground(web).await,
    };
    Ok(camera.unwrap_or(NOWHERE))
}

/// Where nobody has woven yet the base map knows best what place this is about: all of it, as wide as a phone.
async fn all_of_ground(web: &Web) -> Option<Camera> {
    let (about, _, _) = web.basemap.as_ref()?.about().await.ok()?;
    let [west, south, east, north] = about.bounds?;
    let degrees = (east - west).max(north - south);
    let zoom = (PHONE_WIDTH_PX * 360.0 / (TILE_PX * degrees)).log2();
    Some(Camera {
        centre: Place::from_degrees(f64::midpoint(south, north), f64::midpoint(west, east))?,
        zoom_centi: ((zoom * 100.0).max(0.0) as u16).clamp(NOWHERE.zoom_centi, NEIGHBOURHOOD_ZOOM),
    })
}

/// What the redirect of a plain form says.
fn step(query: &str) -> SignInStep {
    let (mut step, mut email) = (String::new(), String::new());
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*key {
            "schritt" => step = value.into_owned(),
            "email" => email = value.into_owned(),
            _ => {}
        }
    }
    match step.as_str() {
        "code" => SignInStep::Code { email },
        "keine-adresse" => SignInStep::EmailWrong { email },
        "falsch" => SignInStep::CodeWrong { email },
        "zuviel" => SignInStep::TooMany,
        "gestoert" => SignInStep::Unavailable,
        _ => SignInStep::Email,
    }
}

fn at_detail(detail: &Detail) -> Option<Place> {
    match detail {
        Detail::Node { node, .. } => Some(node.place),
        Detail::Thread { thread, .. } => thread.to.or(thread.from),
        Detail::Role { role, .. } => role.place,
        Detail::Served { node, .. } => node.as_ref().map(|node| node.place),
        Detail::None | Detail::Search { .. } | Detail::Missing => None,
    }
}

fn html(page: Page, around: &Around<'_>, query: &str) -> Response {
    let lang = page.lang;
    let status = match (&page.detail, page.panel) {
        (Detail::Missing, _) => StatusCode::NOT_FOUND,
        (
            Detail::Search {
                is_failed: true, ..
            },
            _,
        ) => StatusCode::SERVICE_UNAVAILABLE,
        (Detail::Node { node, .. }, _) if node.dissolved_at.is_some() => StatusCode::GONE,
        // A faded one may be tied anew under the same address, but not to what has come undone.
        (Detail::Thread { end, .. }, _)
            if end.node().is_some_and(|node| node.dissolved_at.is_some()) =>
        {
            StatusCode::GONE
        }
        _ => StatusCode::OK,
    };
    let document = app::shell::render(page, around);
    let mut response = (status, Html(document)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(lang.code()),
    );
    if let Ok(policy) = HeaderValue::from_str(&policy(around.nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(lang) = asked(query)
        && let Ok(cookie) = HeaderValue::from_str(&format!(
            "{LANGUAGE_COOKIE}={}; Path=/; SameSite=Lax; Max-Age=31536000",
            lang.code()
        ))
    {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// No third party, no style in attributes, scripts and style only by nonce or from here.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}
