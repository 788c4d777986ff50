//! `/basemap/{z}/{x}/{y}`: tiles of the base map as they are stored, and `/basemap.json`, which describes them.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use store::basemap::{Away, Basemap, Layer, TileCoord};

use super::conditional;
use super::problem::{Failure, Outcome};
use super::sent::{Asked, Named};
use super::web::Web;

/// Where the base map tells about itself.
pub(super) const PATH: &str = "/basemap.json";

/// Tiles asked for by the state of their file may be kept for long: another state has another address.
const BY_STATE: &str = "public, max-age=2592000, immutable";
/// Others are asked about again.
const BY_NAME: &str = "public, no-cache";

/// The base map as [TileJSON](https://github.com/mapbox/tilejson-spec) 3.0.0 describes tiles.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Description {
    tilejson: &'static str,
    name: String,
    /// Plain text, to be shown with the map.
    attribution: String,
    /// Addresses on this server, with `{z}`, `{x}` and `{y}`.
    tiles: Vec<String>,
    minzoom: u8,
    maxzoom: u8,
    /// West, south, east, north in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    bounds: Option<[f64; 4]>,
    #[schema(value_type = Vec<serde_json::Value>)]
    vector_layers: Vec<Layer>,
}

/// What the base map is; 404 where none is configured.
#[utoipa::path(
    get, path = "/basemap.json",
    responses(
        (status = 200, body = Description),
        (status = 304, description = "not changed since the ETag"),
        (status = 404, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 503, body = domain::problem::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn about(State(web): State<Web>, headers: HeaderMap) -> Outcome<Response> {
    let (about, _, tag) = basemap(&web)?.about().await?;
    let etag = quoted(&tag);
    let carried = carried(BY_NAME, &etag)?;
    if conditional::holds(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, carried).into_response());
    }
    let description = Description {
        tilejson: "3.0.0",
        name: about.name,
        attribution: about.attribution,
        tiles: vec![format!("/basemap/{{z}}/{{x}}/{{y}}?v={tag}")],
        minzoom: about.zoom_min,
        maxzoom: about.zoom_max,
        bounds: about.bounds,
        vector_layers: about.layers,
    };
    Ok((carried, Json(description)).into_response())
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TileQuery {
    /// The state of the file, as `/basemap.json` writes it into the addresses of tiles.
    v: Option<String>,
}

/// A vector tile of the base map.
#[utoipa::path(
    get, path = "/basemap/{z}/{x}/{y}",
    params(
        ("z" = u8, Path, description = "zoom, 0 to 22"),
        ("x" = u32, Path, description = "column from west"),
        ("y" = u32, Path, description = "row from north"),
        TileQuery,
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/vnd.mapbox-vector-tile"),
        (status = 204, description = "the base map has no such tile: nothing is there"),
        (status = 304, description = "not changed since the ETag"),
        (status = 404, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 503, body = domain::problem::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn tile(
    State(web): State<Web>,
    Named((z, x, y)): Named<(String, String, String)>,
    Asked(query): Asked<TileQuery>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let coord = TileCoord::parse(&z, &x, &y).ok_or_else(Failure::not_found)?;
    let takes_gzip = takes_gzip(&headers);
    let etag = move |tag: &str| {
        if takes_gzip {
            quoted(tag)
        } else {
            quoted(&format!("{tag}-plain"))
        }
    };
    let tile = basemap(&web)?
        .tile(coord, move |tag| conditional::holds(&headers, &etag(tag)))
        .await?;
    let is_by_state = query.v.as_ref() == Some(&tile.tag);
    let carried = carried(
        if is_by_state { BY_STATE } else { BY_NAME },
        &etag(&tile.tag),
    )?;
    if tile.is_held {
        return Ok((StatusCode::NOT_MODIFIED, carried).into_response());
    }
    let tile = if takes_gzip { tile } else { tile.unpacked()? };
    let packed = tile
        .is_packed()
        .then_some([(header::CONTENT_ENCODING, "gzip")]);
    let kind = [(header::CONTENT_TYPE, "application/vnd.mapbox-vector-tile")];
    Ok(match (tile.bytes, packed) {
        (None, _) => (StatusCode::NO_CONTENT, carried).into_response(),
        (Some(bytes), Some(packed)) => (carried, kind, packed, bytes).into_response(),
        (Some(bytes), None) => (carried, kind, bytes).into_response(),
    })
}

fn basemap(web: &Web) -> Outcome<&Basemap> {
    web.basemap.as_ref().ok_or_else(Failure::not_found)
}

type Carried = [(header::HeaderName, HeaderValue); 3];

fn carried(cache: &'static str, etag: &str) -> Outcome<Carried> {
    let etag = HeaderValue::from_str(etag).map_err(|_| Failure::unavailable())?;
    Ok([
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        (header::ETAG, etag),
    ])
}

fn quoted(tag: &str) -> String {
    format!("\"{tag}\"")
}

/// Whether packed answers are taken: named, or `*`, and not with the weight 0.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let weight = |name: &str| {
        headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .find_map(|item| {
                let (coding, weight) = item.split_once(';').unwrap_or((item, "q=1"));
                let weight = weight.trim().trim_start_matches("q=").trim();
                coding
                    .trim()
                    .eq_ignore_ascii_case(name)
                    .then(|| weight.parse::<f32>().unwrap_or(1.0))
            })
    };
    weight("gzip")
        .or_else(|| weight("*"))
        .is_some_and(|weight| weight > 0.0)
}

impl From<Away> for Failure {
    /// Why is in the log already.
    fn from(_: Away) -> Self {
        Self::unavailable()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_tiles_go_to_whoever_takes_them() {
        let takes = |accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accept));
            takes_gzip(&headers)
        };
        for accept in ["gzip", "br, GZIP;q=0.5", "*", "deflate, gzip, br"] {
            assert!(takes(accept), "{accept}");
        }
        for accept in ["", "br", "gzip;q=0", "identity, *;q=0", "xgzip"] {
            assert!(!takes(accept), "{accept}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
