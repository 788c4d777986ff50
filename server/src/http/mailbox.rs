//! The embedded mailbox: where letters are read while no mail server is configured.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::problem::{Failure, Outcome};
use super::sent::Asked;
use super::visitor::Visitor;
use super::web::Web;
use crate::listen::own_addresses;

/// Opens the mailbox; printed at start, new each time.
#[derive(Clone, Debug)]
pub struct MailboxKey(pub String);

#[derive(Debug, Deserialize)]
pub(super) struct MailboxQuery {
    token: Option<String>,
}

/// Letters shown at most.
const LETTERS: i64 = 50;

/// `GET /postfach?token=…`: only for someone on this very machine who saw the server start. Behind a proxy
/// every request comes from loopback, so a forwarded one is refused as well.
pub(super) async fn mailbox(
    State(web): State<Web>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    visitor: Visitor,
    headers: HeaderMap,
    Asked(query): Asked<MailboxQuery>,
) -> Outcome<Response> {
    let key = web.mailbox.as_ref().ok_or_else(Failure::not_found)?;
    let allowed = is_this_machine(peer.ip())
        && is_host_of_this_machine(&headers)
        && !is_forwarded(&headers)
        && query.token.as_deref() == Some(key.0.as_str());
    if !allowed {
        return Err(Failure::not_found());
    }
    let letters = store::spool::mailbox(&web.store, LETTERS)
        .await?
        .into_iter()
        .map(|letter| {
            let (subject, body) = super::letter::words(&letter);
            app::plain::Letter {
                to: letter.to,
                subject,
                body,
                at: letter.at,
            }
        })
        .collect::<Vec<_>>();
    let assets = super::site::assets();
    Ok(Html(app::plain::mailbox(visitor.lang, &letters, assets)).into_response())
}

/// Loopback, or an address of this machine's own: one that listens on a single address is reached by it from here too.
fn is_this_machine(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    ip.is_loopback() || own_addresses().contains(&ip)
}

/// No name: another site's may be made to lead here.
fn is_host_of_this_machine(headers: &HeaderMap) -> bool {
    let ip = host_name(headers).trim_matches(['[', ']']).parse();
    is_loopback_host(headers) || ip.is_ok_and(is_this_machine)
}

pub(super) fn is_loopback_host(headers: &HeaderMap) -> bool {
    matches!(host_name(headers), "localhost" | "127.0.0.1" | "[::1]")
}

/// The host that was asked for, without its port.
fn host_name(headers: &HeaderMap) -> &str {
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    // `[::1]:8080` has colons of its own.
    let port = host.rfind(':').filter(|&at| !host[at..].contains(']'));
    port.map_or(host, |at| &host[..at])
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    [
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-real-ip",
        "via",
    ]
    .iter()
    .any(|name| headers.contains_key(*name))
}
