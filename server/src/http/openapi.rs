//! `/api/openapi.json`: all of HTTP that other clients may use.

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Weltgewebe",
        description = "The weave of a neighbourhood. Live changes come by WebSocket at /ws (docs/protocol.md). Names, titles and texts \
                       are kept tidied: white space is trimmed and invisible characters that turn the direction of others are taken out, \
                       and the rules judge what is left.",
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later"),
    ),
    components(schemas(domain::problem::Problem))
)]
pub(super) struct Description;
