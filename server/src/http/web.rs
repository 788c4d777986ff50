//! What handlers share.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;
use domain::link::Camera;
use store::Store;
use store::basemap::Basemap;
use store::door::Door;

use super::{Limits, MailboxKey, Pictures};
use crate::embedded::Watch;
use crate::rooms::Rooms;
use crate::sender::Proxies;
use crate::tls::Trust;

/// Everything a handler may ask; cheap to clone.
#[derive(Clone, Debug)]
pub struct Web {
    pub store: Store,
    pub door: Door,
    pub rooms: Rooms,
    pub limits: Arc<Limits>,
    /// What lies under the weave.
    pub basemap: Option<Basemap>,
    /// Set only while letters have no other way to their readers.
    pub mailbox: Option<MailboxKey>,
    /// An invented neighbourhood, and said to be one.
    pub is_demo: bool,
    /// Where people reach this server, for the links in letters.
    pub public_url: Option<String>,
    /// Where the map begins.
    pub centre: Option<Camera>,
    /// Whose word is taken for who is behind them.
    pub proxies: Proxies,
    /// Who runs this and how to reach them, in their own words.
    pub host: Option<String>,
    /// What devices have to be told before they trust a certificate of our own.
    pub trust: Option<Arc<Trust>>,
    /// How long an answer may take.
    pub answer_patience: Duration,
    /// The pictures of links.
    pub pictures: Arc<Pictures>,
    /// How the embedded services are.
    pub services: Watch,
}

impl FromRef<Web> for Store {
    fn from_ref(web: &Web) -> Self {
        web.store.clone()
    }
}
