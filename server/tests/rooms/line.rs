//! How a connection begins, what it may say, and how it ends.

use std::time::Duration;

use domain::place::{Cell, HELD_MAX};
use domain::wire::{ClientMessage, CloseCode, RoomWish};
use futures::SinkExt;
use server::rooms::Patience;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::listener::{Closed, Listener, request};
use crate::stage::{HERE, Stage, around};

fn closed(code: CloseCode) -> Closed {
    Closed(Some(code.code()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_breaks_the_rules_is_told_which() {
    let stage = Stage::new().await;
    let instance = stage.instance().await;

    let no_room = HERE.cell().parent(3);
    for wrong in [
        "no JSON",
        r#"{"t":"hello"}"#,
        &format!(r#"{{"t":"rooms","n":1,"rooms":[{{"cell":"{no_room}"}}]}}"#),
    ] {
        let mut listener = Listener::connect(&instance).await;
        listener.say_text(wrong).await;
        assert_eq!(
            listener.end().await,
            closed(CloseCode::Malformed),
            "{wrong}"
        );
    }
    let mut listener = Listener::connect(&instance).await;
    listener
        .socket
        .send(Message::binary(vec![1]))
        .await
        .expect("an open socket");
    assert_eq!(listener.end().await, closed(CloseCode::Malformed));

    let mut listener = Listener::connect(&instance).await;
    let mut many: Vec<Cell> = around(HERE, 10)
        .into_iter()
        .flat_map(Cell::with_neighbours)
        .collect();
    many.extend(around(HERE, 9).into_iter().flat_map(Cell::with_neighbours));
    many.extend(around(HERE, 8).into_iter().flat_map(Cell::with_neighbours));
    many.extend(around(HERE, 7).into_iter().flat_map(Cell::with_neighbours));
    many.sort_unstable();
    many.dedup();
    assert!(many.len() > HELD_MAX);
    let rooms = many
        .into_iter()
        .map(|cell| RoomWish { cell, cursor: None })
        .collect();
    listener.wish(rooms).await;
    assert_eq!(listener.end().await, closed(CloseCode::TooManyRooms));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_silent_for_too_long_is_told_so() {
    let stage = Stage::new().await;
    let instance = stage
        .patient_instance(Patience {
            silence: Duration::from_millis(200),
            ..Patience::default()
        })
        .await;
    let mut listener = Listener::connect(&instance).await;
    assert_eq!(listener.end().await, closed(CloseCode::Silent));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_sites_and_other_protocols_get_no_socket() {
    let stage = Stage::new().await;
    let instance = stage.instance().await;
    let status = |result: Result<Listener, Error>| match result {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        Err(error) => panic!("{error}"),
        Ok(_) => 101,
    };
    let mut own = request(instance.address);
    let origin = format!("http://{}", instance.address);
    own.headers_mut()
        .insert("origin", origin.parse().expect("a header"));
    assert_eq!(status(Listener::with(&instance, own, None).await), 101);
    let mut foreign = request(instance.address);
    foreign
        .headers_mut()
        .insert("origin", "http://boese.test".parse().expect("a header"));
    assert_eq!(status(Listener::with(&instance, foreign, None).await), 403);
    let mut plain = request(instance.address);
    plain.headers_mut().remove("sec-websocket-protocol");
    assert_eq!(status(Listener::with(&instance, plain, None).await), 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_says_so() {
    let stage = Stage::new().await;
    let instance = stage.instance().await;
    let mut listener = Listener::connect(&instance).await;
    listener.say(&ClientMessage::Ping).await;
    listener.hear().await.expect("a pong");
    instance.shutdown.request();
    assert_eq!(listener.end().await, closed(CloseCode::Restart));
    drop(listener);
    instance.rooms.stopped().await;
    assert_eq!(instance.rooms.status().sockets, 0);
}
