//! `grant` on a data folder: where a server runs, where none does, and where it is not clear who is meant.

use domain::command::Act;
use domain::id::NodeId;
use domain::weave::{Particulars, ParticularsChange};
use reqwest::StatusCode;
use serde_json::Value;

use crate::harness::{Data, Server, eventually, verb};
use crate::person::Person;

const WHY: [&str; 2] = ["--reason", "Von Anfang an dabei"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_weavers_are_named_while_the_product_runs() {
    let data = Data::new();
    let server = Server::start(&data);
    let anna = Person::new(&server, "Anna").await;
    let ben = Person::new(&server, "Ben").await;
    let node = NodeId(store::testing::id());
    let knot = Act::KnotNode {
        node,
        kind: domain::weave::NodeKind::Idea,
        title: "Sommerfest".to_owned(),
        text: String::new(),
        place: crate::person::HERE,
        starts_at: None,
        particulars: Particulars::default(),
    };
    ben.submit_until_told(&ben.command(knot)).await;
    let change = || {
        anna.command(Act::ChangeNode {
            node,
            based_on: 1,
            kind: None,
            title: Some("Herbstfest".to_owned()),
            text: None,
            place: None,
            starts_at: None,
            particulars: ParticularsChange::default(),
        })
    };
    let refused = anna.submit(&change()).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let problem: Value = refused.json().await.expect("a problem");
    let refusal = &problem["refusal"];
    assert_eq!(
        (&refusal["rule"], &refusal["vouches"], &refusal["needed"]),
        (&"node-not-yours".into(), &0.into(), &2.into())
    );

    let granted = |language, what: &[&str]| {
        tokio::task::block_in_place(|| verb(&data, "grant", language, what))
    };
    let (is_done, words) = granted("C", &["--weaver", "Anna", WHY[0], WHY[1]]);
    assert!(is_done && words.contains("is a weaver now"), "{words}");
    let (is_done, words) = granted("de_DE.UTF-8", &["--weaver", "Anna", WHY[0], WHY[1]]);
    assert!(is_done && words.contains("webt schon mit"), "{words}");
    // At once, as the rule is asked where all is decided.
    anna.submit_until_told(&change()).await;

    let role = ben.role.to_string();
    let (is_done, words) = granted("C", &["--admin", &role, WHY[0], WHY[1]]);
    assert!(is_done && words.contains("Ben ("), "{words}");
    let needs = ben.command(Act::SetVouches { needed: 1 });
    ben.submit_until_told(&needs).await;
    let (is_done, words) = granted("C", &["--vouches-needed", "1"]);
    assert!(is_done && words.contains("as before"), "{words}");

    let (is_done, words) = granted("C", &["--weaver", "Niemand", WHY[0], WHY[1]]);
    assert!(!is_done && words.contains("No role is called"), "{words}");
    let other = Person::new(&server, "Eva").await;
    let name = "Anna".to_owned();
    let rename = other.command(Act::RenameRole { name });
    other.submit_until_told(&rename).await;
    let told = || data.ask("select count(*) from roles_read where name = 'Anna'");
    eventually("both are woven", || told().as_deref() == Some("2"));
    let (is_done, words) = granted("de_DE.UTF-8", &["--admin", "Anna", WHY[0], WHY[1]]);
    assert!(!is_done && words.contains("Mehrere Garnrollen"), "{words}");
    for role in [anna.role, other.role] {
        assert!(words.contains(&role.to_string()), "{words}");
    }
    // A right takes a reason.
    let (is_done, words) = granted("C", &["--weaver", "Ben"]);
    assert!(!is_done && words.contains("--reason"), "{words}");
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_runs_a_grant_starts_the_database_and_stops_it_again() {
    let data = Data::new();
    let granted = |what: &[&str]| tokio::task::block_in_place(|| verb(&data, "grant", "C", what));
    let (is_done, words) = granted(&["--vouches-needed", "0"]);
    assert!(
        !is_done && words.contains("There is no data folder"),
        "{words}"
    );
    let server = Server::start(&data);
    Person::new(&server, "Anna").await;
    server.stop();
    let (is_done, words) = granted(&["--weaver", "Anna", WHY[0], WHY[1], "--vouches-needed", "0"]);
    assert!(is_done, "{words}");
    assert!(data.postmaster_now().is_none(), "it is stopped again");
    let server = Server::start(&data);
    // Before anybody comes it is said that whoever comes belongs.
    Person::new(&server, "Ben").await;
    let weavers = || data.ask("select count(*) from standings_read where weaver_since is not null");
    eventually("both belong", || weavers().as_deref() == Some("2"));
    server.stop();
}
