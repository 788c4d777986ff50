//! PostgreSQL is away: who listens keeps what they have, and who comes gets what the instance holds.

use domain::wire::ClientMessage;
use nix::sys::signal::Signal;
use store::testing::{TestDatabase, TestServer};

use crate::listener::Listener;
use crate::stage::{HERE, Stage, around};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_4_rooms_are_served_from_memory_while_postgresql_is_frozen() {
    let server = TestServer::start().await;
    let database = TestDatabase::on(&server.url()).await;
    let redis = crate::redis::OwnRedis::start().await;
    let stage = Stage::on(database, &redis.url()).await;
    let instance = stage.instance().await;
    let cells = around(HERE, 9);
    let mut listener = Listener::connect(&instance).await;
    listener.listen_to(&cells).await;
    let ada = stage.role("Ada", Some(HERE)).await;
    let (node, done) = stage.knot(ada, HERE).await;
    listener.until(done).await;

    server.signal_all(Signal::SIGSTOP);
    for _ in 0..3 {
        listener.say(&ClientMessage::Ping).await;
        listener.hear().await.expect("a pong");
    }
    let mut newcomer = Listener::connect(&instance).await;
    newcomer.listen_to(&cells).await;
    assert_eq!(newcomer.rooms, listener.rooms);
    assert!(
        newcomer.rooms[&HERE.cell().parent(9)]
            .nodes
            .contains_key(&node)
    );
    for told in [&mut listener, &mut newcomer] {
        while !told.is_away {
            told.hear().await.expect("it is told");
        }
    }
    let mut guest = Listener::connect(&instance).await;
    guest.hear().await.expect("who comes is told");
    assert!(guest.is_away);
    server.signal_all(Signal::SIGCONT);
    while listener.is_away {
        listener.hear().await.expect("it is told");
    }

    let (_, done) = stage.knot(ada, HERE).await;
    listener.until(done).await;
    newcomer.until(done).await;
    assert_eq!(newcomer.rooms, listener.rooms);
    listener.assert_fresh(&stage, "a frozen PostgreSQL").await;
}
