//! The site files that the binary carries.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use app::shell::Assets;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos_config::LeptosOptions;
use rust_embed::RustEmbed;

use super::conditional;
use super::problem::Failure;

#[derive(RustEmbed)]
#[folder = "$WELTGEWEBE_SITE_EMBEDDED"]
struct Site;

static NAMES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    Site::get("site.json")
        .and_then(|file| serde_json::from_slice(&file.data).ok())
        .unwrap_or_default()
});

/// The site's run-time settings, as Leptos reads them.
static OPTIONS: LazyLock<LeptosOptions> = LazyLock::new(|| {
    leptos_config::get_config_from_str(include_str!("../../../Leptos.toml"))
        .inspect_err(|error| tracing::error!(%error, "Leptos.toml can't be read: {error}"))
        .unwrap_or_else(|_| LeptosOptions::builder().output_name("").build())
});

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let url = |logical: &str| NAMES.get(logical).cloned().unwrap_or_default();
    let name = &OPTIONS.output_name;
    let css = url(&format!("{name}.css"));
    let style = content(css.trim_start_matches('/')).unwrap_or_default();
    Assets {
        style: String::from_utf8_lossy(&style).replace("</", "<\\/"),
        css,
        client_js: url(&format!("{name}.js")),
        client_wasm: url(&format!("{name}_bg.wasm")),
        map_js: url("js/map.js"),
        basemap_js: url("js/basemap.js"),
        areas_js: url("js/areas.js"),
        panic_js: url("js/panic.js"),
        sheet_js: url("js/sheet.js"),
        guide_css: url("guide.css"),
        guide_js: url("js/guide.js"),
        share_js: url("js/share.js"),
        maplibre_js: url("maplibre-gl.mjs"),
        maplibre_worker: url("maplibre-gl-worker.mjs"),
        maplibre_css: url("maplibre-gl.css"),
    }
});

/// Where the pages find their files.
pub(super) fn assets() -> &'static Assets {
    &ASSETS
}

/// A file's bytes, as the site has it.
pub(super) fn content(path: &str) -> Option<Cow<'static, [u8]>> {
    Site::get(path).map(|file| file.data)
}

/// A file of the site, compressed where the browser takes it.
pub(super) fn file(path: &str, headers: &HeaderMap) -> Response {
    let path = path.trim_start_matches('/');
    let hidden = path.is_empty() || path == "site.json" || path.ends_with(".br");
    let Some(plain) = (!hidden).then(|| Site::get(path)).flatten() else {
        return Failure::not_found().into_response();
    };
    let tag = conditional::tag(&plain.metadata.sha256_hash());
    let hashed = [&OPTIONS.site_pkg_dir, "js", "fonts"];
    let folder = path.split_once('/').map(|(folder, _)| folder);
    let is_hashed = folder.is_some_and(|folder| hashed.contains(&folder));
    let cache = if is_hashed {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300, stale-while-revalidate=86400"
    };
    let mut response = if conditional::holds(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body(path, plain.data, headers)
    };
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    response
}

fn body(path: &str, plain: Cow<'static, [u8]>, headers: &HeaderMap) -> Response {
    let kind = [(header::CONTENT_TYPE, media_type(path))];
    let takes_brotli = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|list| {
            list.split(',')
                .any(|item| item.trim().split(';').next() == Some("br"))
        });
    match takes_brotli
        .then(|| Site::get(&format!("{path}.br")))
        .flatten()
    {
        Some(small) => {
            (kind, [(header::CONTENT_ENCODING, "br")], bytes(small.data)).into_response()
        }
        None => (kind, bytes(plain)).into_response(),
    }
}

fn bytes(data: Cow<'static, [u8]>) -> axum::body::Bytes {
    match data {
        Cow::Borrowed(data) => axum::body::Bytes::from_static(data),
        Cow::Owned(data) => data.into(),
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "gz" => "application/gzip",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_name_what_the_build_makes() {
        assert_eq!(&*OPTIONS.output_name, "weltgewebe");
        assert_eq!(&*OPTIONS.site_pkg_dir, "pkg");
    }
}
