//! `/api/openapi.json`: all of HTTP that other clients may use.

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Weltgewebe",
        description = "The weave of a neighbourhood. Live changes come by WebSocket at /ws (docs/protocol.md).",
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later"),
    ),
    components(schemas(domain::problem::Problem))
)]
pub(super) struct Description;
