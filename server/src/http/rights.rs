//! `/rolle/{id}/rechte`: what a role may. Everyone reads it; an admin gives and takes rights there by plain forms.

use app::plain::{self, Rights, Wanted};
use app::spool::rights_path;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::command::Act;
use domain::id::RoleId;
use domain::refusal::Refusal;
use domain::spool::Right;
use serde::Deserialize;

use super::problem::{Failure, Outcome};
use super::sent::{Filled, Named};
use super::visitor::Visitor;
use super::web::Web;
use super::{act, community};

/// What a form sends; the field of the reason is named after its right, since ids are one a page.
#[derive(Debug, Deserialize)]
pub(super) struct Form {
    right: Right,
    deed: Deed,
    #[serde(rename = "reason-weaver", alias = "reason-admin")]
    reason: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Deed {
    Give,
    Take,
}

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Named(id): Named<String>,
) -> Outcome<Response> {
    shown(&web, &visitor, of(&id)?, None).await
}

pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Named(id): Named<String>,
    Filled(form): Filled<Form>,
) -> Outcome<Response> {
    let by = act::asker(&web, &visitor)?;
    let role = of(&id)?;
    let Form {
        right,
        deed,
        reason,
    } = form;
    let asked = reason.clone();
    let act = match deed {
        Deed::Give => Act::GrantRight {
            role,
            right,
            reason: asked,
        },
        Deed::Take => Act::RevokeRight {
            role,
            right,
            reason: asked,
        },
    };
    match act::refused(&web, by, act).await? {
        None => Ok(Redirect::to(&rights_path(role)).into_response()),
        Some(refusal) => {
            let wanted = Wanted {
                right,
                reason: &reason,
            };
            shown(&web, &visitor, role, Some((wanted, refusal))).await
        }
    }
}

fn of(id: &str) -> Outcome<RoleId> {
    id.parse().map_err(|_| Failure::not_found())
}

async fn shown(
    web: &Web,
    visitor: &Visitor,
    role: RoleId,
    wanted: Option<(Wanted<'_>, Refusal)>,
) -> Outcome<Response> {
    let known = store::weave::read::me(&web.store, role).await?;
    let known = known.ok_or_else(Failure::not_found)?;
    let is_admin = match visitor.session()?.and_then(|session| session.role) {
        Some(role) => community::is_admin(web, role).await?,
        None => false,
    };
    let refusal = wanted.as_ref().map(|(_, refusal)| *refusal);
    let page = Rights {
        role,
        name: &known.name,
        standing: &known.standing,
        is_admin,
        wanted,
    };
    let html = plain::rights(visitor.lang, &page, super::site::assets());
    Ok((act::status(refusal), Html(html)).into_response())
}
