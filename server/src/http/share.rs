//! `GET /teilen`: a page's address to be passed on, by link and by QR code; works without a script.

use app::plain::{Code, Share};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use domain::lens::Lens;
use domain::link::{Camera, Panel};

use super::host;
use super::problem::{Failure, Outcome};
use super::visitor::Visitor;
use super::web::Web;

/// As a page of ours, without the client's script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page about what `zu` names, seen as the camera beside it says.
pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    uri: Uri,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (panel, back) = target(uri.query().unwrap_or_default());
    let name = match panel {
        Panel::Node(id) => {
            let found = store::weave::read::nodes(&web.store, &[id]).await?;
            found.into_values().next().map(|node| node.title)
        }
        Panel::Role(id) => {
            let found = store::weave::read::me(&web.store, id).await?;
            found.map(|role| role.name)
        }
        Panel::Thread(id) => {
            let found = store::weave::read::thread(&web.store, id).await?;
            found.map(|(thread, end)| [&*thread.role_name, end.title()].join(" – "))
        }
        _ => None,
    };
    let address = host::reached_by(web.public_url.as_deref(), &headers) + &back;
    let code = picture::code::code(&address);
    let share = Share {
        name: name.as_deref(),
        address: &address,
        back: &back,
        code: code.as_ref().map(|code| Code {
            side: code.side,
            dark: &code.dark,
        }),
    };
    let page = app::plain::share(visitor.lang, &share, super::site::assets());
    let policy = HeaderValue::from_static(POLICY);
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response())
}

/// `GET /teilen/blatt.svg`: the same code with its address, for paper.
pub(super) async fn leaf(
    State(web): State<Web>,
    uri: Uri,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (_, back) = target(uri.query().unwrap_or_default());
    let address = host::reached_by(web.public_url.as_deref(), &headers) + &back;
    let leaf = picture::code::leaf(&address).ok_or_else(Failure::not_found)?;
    let kind = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "private, max-age=3600"),
    ];
    Ok((kind, leaf).into_response())
}

/// What is shared and its address on this server: only of what there are pages for.
fn target(query: &str) -> (Panel, String) {
    let zu = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "zu")
        .map_or(Panel::Home, |(_, path)| Panel::from_path(&path));
    let panel = match zu {
        Panel::Node(_) | Panel::Role(_) | Panel::Thread(_) => zu,
        _ => Panel::Home,
    };
    let mut back = panel.path();
    let mut seen = String::new();
    if let Some(camera) = Camera::from_query(query) {
        seen.push_str(&camera.to_string());
    }
    seen.push_str(&Lens::from_query(query).and_query());
    let seen = seen.trim_start_matches('&');
    if !seen.is_empty() {
        back.push('?');
        back.push_str(seen);
    }
    (panel, back)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_are_shared() {
        let node = "/knoten/0199aaaa-0000-7000-8000-000000000001";
        for (query, back) in [
            ("", "/"),
            ("zu=/&@48.41,15.61,15.5", "/?@48.41000,15.61000,15.50"),
            (&*format!("zu={node}"), node),
            (&*format!("zu={}/aendern", node), "/"),
            ("zu=%2F%2Fevil.example", "/"),
            ("zu=https://evil.example/", "/"),
            ("zu=/ich&@1,2", "/"),
            ("zu=/&linse=bed.meine", "/?linse=bed.meine"),
            (
                "zu=/&@48.41,15.61,15.5&linse=garn",
                "/?@48.41000,15.61000,15.50&linse=garn",
            ),
            (
                "zu=/faden/0199aaaa-0000-8000-8000-000000000001",
                "/faden/0199aaaa-0000-8000-8000-000000000001",
            ),
            ("@48.41,15.61,15.5", "/?@48.41000,15.61000,15.50"),
        ] {
            assert_eq!(target(query).1, back, "{query}");
        }
    }
}
