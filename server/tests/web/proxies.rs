//! Behind a proxy on this machine: everyone has their own share, and nobody else's word is taken.

use domain::command::Act;
use domain::id::NodeId;
use domain::wire::{CloseCode, SUBPROTOCOL};
use futures::StreamExt;
use reqwest::{Method, StatusCode};
use serde_json::json;
use server::rooms::PER_ADDRESS_MAX;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::instance::{Instance, Person};

async fn ask(person: &Person<'_>, n: usize, by_way_of: &str) -> StatusCode {
    let asked = person
        .request(Method::POST, "/api/session/mail")
        .header("x-forwarded-for", by_way_of)
        .json(&json!({ "email": format!("jemand{n}@weben.test") }))
        .send()
        .await;
    asked.expect("an answer").status()
}

#[tokio::test]
async fn a_household_that_asks_too_much_does_not_use_up_its_neighbours_share() {
    let instance = Instance::with_limit_factor(1).await;
    let visitor = instance.visitor();
    let mut n = 0;
    while ask(&visitor, n, "203.0.113.7").await == StatusCode::ACCEPTED {
        n += 1;
        assert!(n < 100, "there is a limit");
    }
    assert!(n > 3, "and it is no lower than people need: {n}");
    let neighbour = ask(&visitor, n + 1, "203.0.113.8").await;
    assert_eq!(neighbour, StatusCode::ACCEPTED);
    // What a client puts before the address that the proxy saw does not make it another client.
    let pretender = ask(&visitor, n + 2, "198.51.100.1, 203.0.113.7").await;
    assert_eq!(pretender, StatusCode::TOO_MANY_REQUESTS);
    instance.stop().await;
}

#[tokio::test]
async fn the_acts_of_one_address_are_bounded_however_many_roles_come_from_it() {
    let instance = Instance::with_limit_factor(1).await;
    let mut household = Vec::new();
    for name in ["Ada", "Ben", "Cem", "Dora", "Emil", "Frida", "Gül", "Hans"] {
        household.push(instance.role(name).await);
    }
    let from = async |person: &Person<'_>, by_way_of: &str| {
        let act = Act::join(NodeId(store::testing::id()));
        let sent = person
            .request(Method::POST, "/api/commands")
            .header("x-forwarded-for", by_way_of)
            .json(&json!({ "command": person.command(act) }))
            .send()
            .await;
        sent.expect("an answer").status()
    };
    let mut asked = 0;
    // Round by round, so that nobody uses up their own share; at once, so that a slow machine asks faster than shares grow.
    let refused = loop {
        let round = household.iter().map(|person| from(person, "203.0.113.7"));
        let answers = futures::future::join_all(round).await;
        let is_refused = |status: &StatusCode| *status == StatusCode::TOO_MANY_REQUESTS;
        asked += answers.iter().filter(|status| !is_refused(status)).count();
        if let Some(at) = answers.iter().position(is_refused) {
            break &household[at];
        }
        assert!(asked < 900, "there is a limit");
    };
    assert!(asked >= 600, "and it is no lower than said: {asked}");
    // It was the address: the same role goes on from another one.
    assert_eq!(from(refused, "203.0.113.8").await, StatusCode::NOT_FOUND);
    instance.stop().await;
}

async fn socket(instance: &Instance, by_way_of: &str) -> WebSocketStream<TcpStream> {
    let mut request = format!("ws://{}/ws", instance.address)
        .into_client_request()
        .expect("a request");
    for (name, value) in [
        ("sec-websocket-protocol", SUBPROTOCOL),
        ("x-forwarded-for", by_way_of),
    ] {
        let value = value.parse().expect("a header");
        request.headers_mut().insert(name, value);
    }
    let stream = TcpStream::connect(instance.address).await;
    client_async(request, stream.expect("a connection"))
        .await
        .expect("a handshake")
        .0
}

async fn first(socket: &mut WebSocketStream<TcpStream>) -> Message {
    socket.next().await.expect("something").expect("a message")
}

#[tokio::test]
async fn sockets_from_one_address_are_bounded() {
    let instance = Instance::start().await;
    let mut held = Vec::new();
    for _ in 0..PER_ADDRESS_MAX {
        let mut socket = socket(&instance, "203.0.113.7").await;
        assert!(first(&mut socket).await.is_text(), "hello");
        held.push(socket);
    }
    let mut one_more = socket(&instance, "203.0.113.7").await;
    let Message::Close(Some(frame)) = first(&mut one_more).await else {
        panic!("there is a limit");
    };
    assert_eq!(u16::from(frame.code), CloseCode::TooMany.code());
    let mut neighbour = socket(&instance, "203.0.113.8").await;
    assert!(first(&mut neighbour).await.is_text(), "hello");
    drop(held);
    instance.stop().await;
}
