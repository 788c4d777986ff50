//! `rebuild` on a data folder: where a server runs, while people go on weaving; and where none does.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::harness::{Data, PATIENCE, Server, binary, eventually};
use crate::person::{HERE, Person};

/// Rebuilds to the end; what was said.
fn rebuild(data: &Path) -> (bool, String) {
    let mut command = binary(data);
    command.arg("rebuild").arg("--data").arg(data);
    command.stdout(Stdio::piped());
    let output = command.output().expect("the binary was built");
    let words = [output.stderr, output.stdout].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&words).into_owned(),
    )
}

/// All rows of the read models.
const ROWS: &str =
    "select md5(string_agg(t, '|' order by t)) from (select n::text as t from nodes_read n
    union all select t::text from threads_read t union all select r::text from roles_read r
    union all select m::text from messages_read m union all select p::text from profiles_read p
    union all select s::text from standings_read s union all select v::text from vouches_read v
    union all select o::text from community_read o
    union all select h::text from node_versions_read h union all select c::text from checkpoints c) as rows";

/// What the API tells of the room around the knots.
async fn room(person: &Person) -> String {
    let room = HERE.cell().parent(9);
    let answer = person.get(&format!("/api/cells/{room}")).await;
    answer.text().await.expect("a room")
}

fn woven(data: &Data) -> Option<String> {
    data.ask("select c.id - h.id from checkpoints c, log_head h")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn read_models_are_made_anew_while_people_go_on_weaving() {
    let data = Data::new();
    let server = Server::start(&data);
    let anna = Person::new(&server, "Anna").await;
    for n in 0..20 {
        anna.submit_until_told(&anna.idea(&format!("Vorher {n}")))
            .await;
    }
    // What a projection with a fault might have left.
    eventually("all is woven", || woven(&data).as_deref() == Some("0"));
    let before = data.ask(ROWS).expect("rows");
    for damage in [
        "update nodes_read set title = 'falsch'",
        "delete from threads_read",
    ] {
        data.ask(damage).expect("it is the owner's database");
    }
    assert_ne!(data.ask(ROWS).expect("rows"), before);
    // Whoever asked meanwhile was told that, and it is kept for the next one.
    assert!(room(&anna).await.contains("falsch"));

    let (is_done, words) = tokio::task::block_in_place(|| rebuild(&data.path));
    assert!(is_done, "{words}");
    let process = format!("(process {}) runs on this data folder", server.pid());
    assert!(words.contains(&process), "{words}");
    assert!(
        words.contains("Made anew from") && words.contains("events/s"),
        "{words}"
    );
    assert_eq!(data.ask(ROWS).expect("rows"), before, "to the same bytes");
    let forgotten = async {
        while room(&anna).await.contains("falsch") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, forgotten)
        .await
        .expect("what was kept is forgotten");

    // Several in a row while writes go on, and nobody waits for any of them.
    let path = data.path.clone();
    let rebuilding = tokio::task::spawn_blocking(move || {
        for _ in 0..3 {
            let (is_done, words) = rebuild(&path);
            assert!(is_done, "{words}");
        }
    });
    let mut unterdessen = 0;
    while !rebuilding.is_finished() {
        anna.submit_until_told(&anna.idea("Unterdessen")).await;
        unterdessen += 1;
    }
    rebuilding.await.expect("three rebuilds");
    eventually("all is woven", || woven(&data).as_deref() == Some("0"));
    let live = data.ask(ROWS).expect("rows");
    let knots = data.ask("select count(*) from nodes_read where kind <> 'structure'");
    assert_eq!(knots, Some((20 + unterdessen).to_string()));
    let (is_done, words) = tokio::task::block_in_place(|| rebuild(&data.path));
    assert!(is_done, "{words}");
    assert_eq!(data.ask(ROWS).expect("rows"), live);

    // Also where a table is gone, which the server notices and gets over.
    data.ask("drop table nodes_read")
        .expect("it is the owner's database");
    let (is_done, words) = tokio::task::block_in_place(|| rebuild(&data.path));
    assert!(is_done, "{words}");
    assert_eq!(data.ask(ROWS).expect("rows"), live);
    anna.submit_until_told(&anna.idea("Danach")).await;
    eventually("the server weaves on", || {
        data.ask("select count(*) from nodes_read where title = 'Danach'")
            .as_deref()
            == Some("1")
    });
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");
}

#[test]
fn where_nothing_runs_a_rebuild_starts_the_database_and_stops_it_again() {
    let data = Data::new();
    let (is_done, words) = rebuild(&data.path);
    assert!(
        !is_done && words.contains("There is no data folder"),
        "{words}"
    );
    assert!(!data.path.exists(), "a mistyped name makes nothing");
    Server::start(&data).stop();
    let (is_done, words) = rebuild(&data.path);
    assert!(is_done, "{words}");
    // The parlour was founded.
    assert!(words.contains("Made anew from 1 events"), "{words}");
    assert_eq!(data.processes(), [0_u32; 0], "nothing is left running");
}
