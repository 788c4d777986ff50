//! `POST /api/commands`: one act of a role, through the door.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use domain::command::{Act, Command};
use domain::problem::ProblemKind;
use domain::wire::{Receipt, Submission};
use store::spool::Session;

use super::problem::{Failure, Outcome};
use super::visitor::Visitor;
use super::web::Web;

/// Submits a command. Sending the same id again answers with the same receipt.
#[utoipa::path(
    post, path = "/api/commands", request_body = Submission,
    responses(
        (status = 200, body = Receipt, description = "accepted; it is in the log"),
        (status = 400, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 401, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 403, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 404, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 409, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 413, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 415, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 422, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 429, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 503, body = domain::problem::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn submit(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Outcome<Json<Receipt>> {
    let command = read(&headers, body)?;
    let session = visitor.session()?.ok_or_else(Failure::signed_out)?.clone();
    check_role(&session, &command)?;
    web.limits.command(command.by, visitor.address)?;
    // A phone that hangs up cancels nothing half-way: the door's task owns the write.
    let receipt = match command.act {
        Act::RegisterRole { .. } => {
            web.door
                .submit_registering(session.account, command)
                .await?
        }
        _ => web.door.submit(command).await?,
    };
    Ok(Json(receipt))
}

fn read(
    headers: &HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Outcome<Command> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !is_json {
        return Err(Failure::new(
            ProblemKind::UnsupportedMedia,
            "a command is application/json",
        ));
    }
    let body =
        body.map_err(|_| Failure::new(ProblemKind::TooLarge, "a command has at most 32 KiB"))?;
    serde_json::from_slice::<Submission>(&body)
        .map(|submission| submission.command)
        .map_err(|error| Failure::new(ProblemKind::Malformed, format!("not a command: {error}")))
}

/// One acts as oneself; without a role one may do one thing: register one.
fn check_role(session: &Session, command: &Command) -> Outcome<()> {
    let own = match (session.role, &command.act) {
        // Sent again after it worked, it meets its receipt.
        (Some(role), _) => role == command.by,
        (None, Act::RegisterRole { .. }) => true,
        (None, _) => false,
    };
    if own {
        Ok(())
    } else {
        Err(Failure::new(
            ProblemKind::ForeignRole,
            "this session does not act as that role",
        ))
    }
}
