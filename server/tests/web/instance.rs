//! A product of its own for one test, and someone who talks to it.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::id::{AccountId, CommandId, NodeId, RoleId};
use domain::page::Page;
use domain::place::Place;
use domain::spool::{Placement, Right};
use domain::weave::{NodeKind, Particulars};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use server::product::{Product, ProductOptions};
use server::signals::Shutdown;
use store::basemap::Basemap;
use store::door::{Door, new_order};
use store::testing::{TestClock, TestDatabase};
use store::{Clock, SystemClock};
use tokio::task::JoinHandle;

/// Where the tests weave.
pub(crate) const HERE: Place = Place {
    lat: 484_100_000,
    lon: 156_100_000,
};

/// A running product.
pub(crate) struct Instance {
    pub(crate) base: String,
    pub(crate) address: SocketAddr,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) database: TestDatabase,
    mailbox: String,
    shutdown: Shutdown,
    serving: JoinHandle<()>,
}

impl Instance {
    pub(crate) async fn start() -> Self {
        Self::with_limit_factor(1000).await
    }

    pub(crate) async fn with_limit_factor(factor: u32) -> Self {
        Self::with(|options| options.limit_factor = NonZeroU32::new(factor).expect("a factor"))
            .await
    }

    /// One with a base map.
    pub(crate) async fn with_basemap(path: &Path) -> Self {
        let basemap = Basemap::open(path).expect("it is fit");
        Self::with(|options| options.basemap = Some(basemap)).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut ProductOptions)) -> Self {
        Self::on(TestDatabase::new().await, change).await
    }

    /// One on that database.
    pub(crate) async fn on(
        database: TestDatabase,
        change: impl FnOnce(&mut ProductOptions),
    ) -> Self {
        let clock = TestClock::new(SystemClock.now());
        let shutdown = Shutdown::by_hand();
        let redis_url = std::env::var("TEST_REDIS_URL")
            .expect("run this by tools/with-services, which sets TEST_REDIS_URL");
        let mut options = ProductOptions {
            clock: clock.clone(),
            ..ProductOptions::new(&database.url(), &redis_url)
        };
        change(&mut options);
        let product = Product::start(options, &shutdown)
            .await
            .expect("the product starts");
        let listener = server::listen::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let mailbox = product.mailbox_path().unwrap_or_default();
        let serving = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { product.serve(listener, &shutdown).await.expect("it serves") }
        });
        let base = format!("http://{address}");
        Self {
            base,
            address,
            clock,
            database,
            mailbox,
            shutdown,
            serving,
        }
    }

    pub(crate) async fn stop(self) {
        self.shutdown.request();
        tokio::time::timeout(Duration::from_secs(20), self.serving)
            .await
            .expect("it stops in order")
            .expect("without a panic");
    }

    /// Somebody without a session.
    pub(crate) fn visitor(&self) -> Person<'_> {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Person {
            instance: self,
            http,
            role: RoleId(store::testing::id()),
        }
    }

    /// Somebody with a session and no role.
    pub(crate) async fn account(&self, email: &str) -> Person<'_> {
        let person = self.visitor();
        let asked = person
            .post_json("/api/session/mail", &json!({ "email": email }))
            .await;
        assert_eq!(asked.status(), StatusCode::ACCEPTED);
        let code = self.code_for(email).await;
        let body = json!({ "email": email, "code": code });
        let signed_in = person.post_json("/api/session/code", &body).await;
        assert_eq!(signed_in.status(), StatusCode::NO_CONTENT);
        person
    }

    /// Somebody with a role.
    pub(crate) async fn role(&self, name: &str) -> Person<'_> {
        let person = self
            .account(&format!("{}@weben.test", name.to_lowercase()))
            .await;
        let act = Act::RegisterRole {
            name: name.into(),
            placement: Placement::Hidden,
        };
        assert_eq!(person.act(act).await.status(), StatusCode::OK);
        person
    }

    /// Where letters are read.
    pub(crate) fn mailbox_path(&self) -> &str {
        &self.mailbox
    }

    /// A fresh session of `email`, as its cookie says it.
    pub(crate) async fn session_cookie(&self, email: &str) -> String {
        let person = self.visitor();
        // So that this letter is the newest.
        self.clock.advance(1000);
        person
            .post_json("/api/session/mail", &json!({ "email": email }))
            .await;
        let code = self.code_for(email).await;
        let body = json!({ "email": email, "code": code });
        let answer = person.post_json("/api/session/code", &body).await;
        let cookie = answer.headers()["set-cookie"].to_str().expect("text");
        cookie.split(';').next().expect("a pair").to_owned()
    }

    /// The newest letter to `email`, as the mailbox page shows it.
    pub(crate) async fn letter_to(&self, email: &str) -> String {
        let page = self
            .visitor()
            .get(&self.mailbox)
            .await
            .text()
            .await
            .expect("the mailbox");
        let at = page
            .find(email)
            .unwrap_or_else(|| panic!("a letter to {email} in {page}"));
        page[at..].to_owned()
    }

    pub(crate) async fn code_for(&self, email: &str) -> String {
        let letter = self.letter_to(email).await;
        letter
            .split(|c: char| !c.is_ascii_digit())
            .find(|digits| digits.len() == 8)
            .unwrap_or_else(|| panic!("a code in {letter}"))
            .to_owned()
    }
}

/// Someone with cookies.
pub(crate) struct Person<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) http: reqwest::Client,
    pub(crate) role: RoleId,
}

impl Person<'_> {
    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.instance.base))
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(reqwest::Method::GET, path)
            .send()
            .await
            .expect("an answer")
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Response {
        self.request(reqwest::Method::POST, path)
            .json(body)
            .send()
            .await
            .expect("an answer")
    }

    /// Sends a plain form.
    pub(crate) async fn fill_in(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.request(reqwest::Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .expect("an answer")
    }

    /// Becomes an admin by whoever runs the house.
    pub(crate) async fn becomes_admin(&self) {
        let grant = Act::GrantRight {
            role: self.role,
            right: Right::Admin,
            reason: "Von Anfang an dabei".to_owned(),
        };
        let door = Door::start(self.instance.database.store().await);
        let id = new_order().expect("randomness");
        let granted = door.submit_order(id, grant, "a test").await;
        self.shown(&granted.expect("an admin").cursor.to_string())
            .await;
    }

    pub(crate) fn command(&self, act: Act) -> Command {
        Command {
            id: CommandId(store::testing::id()),
            v: COMMAND_VERSION,
            by: self.role,
            issued_at: self.instance.clock.now(),
            act,
        }
    }

    pub(crate) async fn submit(&self, command: &Command) -> Response {
        self.post_json("/api/commands", &json!({ "command": command }))
            .await
    }

    /// Submits it as the act of `account`, as the page does.
    pub(crate) async fn submit_of(&self, account: AccountId, command: &Command) -> Response {
        let body = json!({ "command": command, "account": account });
        self.post_json("/api/commands", &body).await
    }

    /// The account that is signed in, as the page is told.
    pub(crate) async fn account_id(&self) -> AccountId {
        let page: Page = self
            .get("/api/page?path=/ich")
            .await
            .json()
            .await
            .expect("a page");
        page.viewer.account().expect("signed in")
    }

    pub(crate) async fn act(&self, act: Act) -> Response {
        self.submit(&self.command(act)).await
    }

    /// A command that knots an idea.
    pub(crate) fn knot_command(&self, title: &str) -> Command {
        self.command(knot(NodeId(store::testing::id()), NodeKind::Idea, title))
    }

    /// Knots an idea and waits until the pages show it.
    pub(crate) async fn knot(&self, title: &str) -> NodeId {
        let node = NodeId(store::testing::id());
        let act = knot(node, NodeKind::Idea, title);
        let receipt: Value = self.act(act).await.json().await.expect("a receipt");
        self.shown(receipt["cursor"].as_str().expect("a cursor"))
            .await;
        node
    }

    /// Waits until read models include `cursor`.
    pub(crate) async fn shown(&self, cursor: &str) {
        let cell = HERE.cell().parent(9);
        let state = self.get(&format!("/api/cells/{cell}?min={cursor}")).await;
        assert_eq!(state.status(), StatusCode::OK);
    }
}

/// An act that knots `node` where the tests weave.
pub(crate) fn knot(node: NodeId, kind: NodeKind, title: &str) -> Act {
    Act::KnotNode {
        node,
        kind,
        title: title.into(),
        text: "Am Brunnen".into(),
        place: HERE,
        starts_at: None,
        particulars: Particulars::default(),
    }
}

/// The public log, from its beginning to its end.
pub(crate) async fn events(instance: &Instance) -> Vec<Value> {
    let visitor = instance.visitor();
    let (mut after, mut events) = (String::new(), Vec::<Value>::new());
    loop {
        let page = visitor.get(&format!("/api/events?limit=1000{after}")).await;
        let page = page.text().await.expect("the log");
        let Some(last) = page.lines().last() else {
            return events;
        };
        let last: Value = serde_json::from_str(last).expect("a line of JSON");
        after = format!("&after={}", last["cursor"].as_str().expect("a cursor"));
        events.extend(
            page.lines()
                .map(|line| serde_json::from_str::<Value>(line).expect("JSON")),
        );
    }
}
