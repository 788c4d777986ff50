//! `POST /api/commands`: one act of a role, through the door.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use domain::command::Act;
use domain::id::NodeId;
use domain::problem::{Problem, ProblemKind};
use domain::refusal::Refusal;
use domain::wire::{Receipt, Submission};
use store::Store;
use store::door::DoorError;
use store::spool::Session;
use tokio::time::Instant;

use super::problem::{Failure, Outcome};
use super::visitor::Visitor;
use super::web::Web;

/// How long the read models may need to have the version that stands against a change.
const OTHER_VERSION_PATIENCE: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Submits a command. Sending the same id again answers with the same receipt.
#[utoipa::path(
    post, path = "/api/commands", request_body = Submission,
    responses(
        (status = 200, body = Receipt, description = "accepted; it is in the log"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn submit(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Outcome<Json<Receipt>> {
    let submission = read(&headers, body)?;
    let session = visitor.session()?.ok_or_else(Failure::signed_out)?.clone();
    check_actor(&session, &submission)?;
    let command = submission.command;
    web.limits.command(command.by, visitor.address)?;
    // A phone that hangs up cancels nothing half-way: the door's task owns the write.
    let changed = match command.act {
        Act::ChangeNode { node, .. } => Some(node),
        _ => None,
    };
    let answer = match command.act {
        Act::RegisterRole { .. } => web.door.submit_registering(session.account, command).await,
        _ => web.door.submit(command).await,
    };
    match (answer, changed) {
        (Err(DoorError::Refused(Refusal::NodeChanged { version })), Some(node)) => {
            Err(other_version(&web.store, node, version).await)
        }
        (answer, _) => Ok(Json(answer?)),
    }
}

/// The refusal of a change that was made on an older version, with the knot as it is now, so that whoever made it can
/// see both. Where it can't be read in time the refusal goes without: it is the same when it is asked for again.
async fn other_version(store: &Store, node: NodeId, version: u32) -> Failure {
    let mut problem = Problem::from(Refusal::NodeChanged { version });
    let until = Instant::now() + OTHER_VERSION_PATIENCE;
    while problem.node.is_none() && Instant::now() < until {
        match store::weave::read::node(store, node).await {
            Ok(Some((row, _))) if row.version >= version => problem.node = Some(Box::new(row)),
            Ok(_) => tokio::time::sleep(LOOK_EVERY).await,
            Err(error) => {
                tracing::warn!(%error, "the other version of a knot can't be read: {error}");
                break;
            }
        }
    }
    Failure(problem)
}

fn read(
    headers: &HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Outcome<Submission> {
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
    serde_json::from_slice(&body)
        .map_err(|error| Failure::new(ProblemKind::Malformed, format!("not a command: {error}")))
}

/// One acts as oneself; an account without a role may do one thing: register one.
fn check_actor(session: &Session, submission: &Submission) -> Outcome<()> {
    let foreign = |title| Err(Failure::new(ProblemKind::ForeignRole, title));
    let command = &submission.command;
    match submission.account {
        Some(account) if account != session.account => {
            return foreign("this session is another account's");
        }
        Some(_) | None => {}
    }
    match (session.role, &command.act) {
        // Whether the account has a role already is the door's to say, for good.
        (_, Act::RegisterRole { .. }) => Ok(()),
        (Some(role), _) if role == command.by => Ok(()),
        // Its own account does not act as that role, so nobody ever will: what was done under a role whose
        // registration was refused comes back to its author.
        _ if submission.account.is_some() => Err(Refusal::RoleUnknown.into()),
        _ => foreign("this session does not act as that role"),
    }
}
