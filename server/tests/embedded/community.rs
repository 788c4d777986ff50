//! What the first start makes by itself, and `community` beside a server that runs.

use domain::id::NodeId;
use domain::weave::Structure;

use crate::harness::{Data, Server, eventually, verb};
use crate::person::Person;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_parlour_is_there_from_the_first_start_and_moves_where_the_community_says() {
    let data = Data::new();
    let said = |language, what: &[&str]| {
        tokio::task::block_in_place(|| verb(&data, "community", language, what))
    };
    let (is_done, words) = said("C", &["--name", "Steiner Tor"]);
    assert!(
        !is_done && words.contains("There is no data folder"),
        "{words}"
    );

    let server = Server::start(&data);
    let parlour = NodeId::of_structure(Structure::Parlour);
    let founded = || data.ask("select count(*) from events where type = 'StrukturGegruendet'");
    assert_eq!(
        founded().as_deref(),
        Some("1"),
        "when it says that it is ready"
    );
    let anna = Person::new(&server, "Anna").await;
    let page = anna.get("/naehstube").await;
    assert_eq!(page.status(), 200);
    assert!(page.text().await.expect("a page").contains("Nähstübchen"));

    let all = [
        "--name",
        "Steiner Tor",
        "--centre",
        "48.41,15.61",
        "--radius",
        "700",
    ];
    let (is_done, words) = said("C", &all);
    assert!(is_done && words.contains("from now on"), "{words}");
    let (is_done, words) = said("de_DE.UTF-8", &all);
    assert!(is_done && words.contains("schon so"), "{words}");
    let (is_done, words) = said("de_DE.UTF-8", &["--radius", "7"]);
    assert!(!is_done && words.contains("50 bis 50000 Meter"), "{words}");
    let place = || {
        data.ask(&format!(
            "select lat || ' ' || lon from nodes_read where id = '{parlour}'"
        ))
    };
    eventually("it has moved", || {
        place().as_deref() == Some("484100000 156100000")
    });
    let home = anna.get("/").await.text().await.expect("a page");
    assert!(home.contains("<title>Steiner Tor</title>"), "{home}");
    server.stop();

    let server = Server::start(&data);
    assert_eq!(founded().as_deref(), Some("1"), "and never again");
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");
}
