//! How a connection begins, what it may say, and how it ends.

use std::time::Duration;

use domain::cursor::Cursor;
use domain::id::Epoch;
use domain::place::{Cell, HELD_MAX};
use domain::time::Millis;
use domain::wire::{CLIENT_MESSAGE_MAX, ClientMessage, CloseCode, RoomId, RoomWish};
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
        .map(|cell| RoomWish {
            room: cell.into(),
            cursor: None,
        })
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_long_or_no_frame_at_all_ends_its_own_line_alone() {
    use tokio::io::AsyncWriteExt;

    let stage = Stage::new().await;
    let instance = stage.instance().await;
    let mut quiet = Listener::connect(&instance).await;
    quiet.listen_to(&around(HERE, 9)).await;

    for times in [1, 200] {
        let mut listener = Listener::connect(&instance).await;
        let long = "x".repeat(times * CLIENT_MESSAGE_MAX);
        let long = format!(r#"{{"t":"ping","x":"{long}"}}"#);
        // However much of it is still on its way, the reason is heard.
        listener
            .socket
            .send(Message::text(long))
            .await
            .expect("an open line");
        assert_eq!(
            listener.end().await,
            closed(CloseCode::Malformed),
            "{times}"
        );
    }

    let text = |bytes: &[u8]| {
        let mut frame = vec![0x81, 0x80 | bytes.len() as u8, 0, 0, 0, 0];
        frame.extend_from_slice(bytes);
        frame
    };
    for (what, bytes) in [
        ("no frame", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
        ("an unknown kind", vec![0x8f, 0x80, 0, 0, 0, 0]),
        ("not masked", vec![0x81, 0x02, b'{', b'}']),
        ("no UTF-8", text(&[0xff, 0xfe])),
        ("half a surrogate pair", text(&[0xed, 0xa0, 0x80])),
        ("reserved bits", vec![0xf1, 0x80, 0, 0, 0, 0]),
        (
            "2^63 bytes",
            vec![0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ),
        ("a piece of nothing", vec![0x80, 0x80, 0, 0, 0, 0]),
        ("brackets within brackets", text("[".repeat(120).as_bytes())),
    ] {
        let mut listener = Listener::connect(&instance).await;
        let stream = listener.socket.get_mut();
        stream.write_all(&bytes).await.expect("an open line");
        let end = listener.end().await;
        assert!(
            end == closed(CloseCode::Malformed) || end == Closed(None),
            "{what}: {end:?}"
        );
    }
    // Nobody else was bothered.
    quiet.say(&ClientMessage::Ping).await;
    quiet.hear().await.expect("a pong");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_that_says_nothing_here_brings_the_whole_room() {
    let stage = Stage::new().await;
    let instance = stage.instance().await;
    let ada = stage.role("Ada", Some(HERE)).await;
    let (node, done) = stage.knot(ada, HERE).await;
    let cell = HERE.cell().parent(9);
    for cursor in [
        Cursor {
            epoch: Epoch(store::testing::id()),
            ..done
        },
        Cursor {
            id: done.id + 1_000,
            ..done
        },
        Cursor {
            id: i64::MAX,
            at: Millis(i64::MAX),
            ..done
        },
    ] {
        let mut listener = Listener::connect(&instance).await;
        let wish = RoomWish {
            room: RoomId::Cell(cell),
            cursor: Some(cursor),
        };
        listener.wish(vec![wish]).await;
        while !listener.rooms.contains_key(&cell) {
            listener.hear().await.expect("an open socket");
        }
        listener.until(done).await;
        assert!(
            listener.rooms[&cell].nodes.contains_key(&node),
            "after {cursor}"
        );
    }
    // What is no cursor is no message.
    let mut listener = Listener::connect(&instance).await;
    let wish = format!(r#"{{"t":"rooms","n":1,"rooms":[{{"cell":"{cell}","cursor":"gestern"}}]}}"#);
    listener.say_text(&wish).await;
    assert_eq!(listener.end().await, closed(CloseCode::Malformed));
}
