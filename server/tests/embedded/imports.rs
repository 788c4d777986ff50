//! `import` on a data folder: where a server runs, on its database and seen live; where none does, on one started for it.

use std::fs;
use std::path::PathBuf;

use domain::place::{Cell, Place};
use domain::view::CellView;
use domain::wire::{ClientMessage, RoomNews, RoomWish, SUBPROTOCOL, ServerMessage};
use futures::{SinkExt, StreamExt};
use nix::sys::signal::Signal;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::harness::{Data, PATIENCE, Server, binary, eventually};

const HERE: Place = Place {
    lat: 484_100_000,
    lon: 156_100_000,
};

/// A file of places around [`HERE`], called as that.
fn places(data: &Data, names: &[&str]) -> PathBuf {
    let features: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            format!(
                r#"{{"type":"Feature","id":{n},"geometry":{{"type":"Point","coordinates":[15.61,48.41]}},"properties":{{"name":"{name}"}}}}"#
            )
        })
        .collect();
    let path = data.path.with_file_name("krems.geojson");
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        features.join(",")
    );
    fs::write(&path, text).expect("a file");
    path
}

fn begin(data: &Data, file: &PathBuf) -> Server {
    let mut command = binary(&data.path);
    command.arg("import").arg(file);
    Server::spawn(command, data)
}

/// Imports to the end; what was said.
fn import(data: &Data, file: &PathBuf) -> String {
    let (status, words) = begin(data, file).wait_for_end();
    assert!(status.success(), "{words}");
    words
}

/// Someone who looks at the room around [`HERE`].
struct Onlooker {
    socket: WebSocketStream<tokio::net::TcpStream>,
    room: Cell,
    view: CellView,
}

impl Onlooker {
    async fn new(server: &Server) -> Self {
        let words = server.words();
        let (_, rest) = words.split_once("http://").expect("an address");
        let (address, _) = rest.split_once('/').expect("an address");
        let mut request = format!("ws://{address}/ws")
            .into_client_request()
            .expect("a request");
        let protocol = SUBPROTOCOL.parse().expect("a header");
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        let stream = tokio::net::TcpStream::connect(address)
            .await
            .expect("a connection");
        let (socket, _) = tokio_tungstenite::client_async(request, stream)
            .await
            .expect("a handshake");
        let room = HERE.cell().parent(9);
        let mut onlooker = Self {
            socket,
            room,
            view: CellView::default(),
        };
        let wish = ClientMessage::Rooms {
            n: 1,
            rooms: vec![RoomWish {
                room: room.into(),
                cursor: None,
            }],
        };
        onlooker.say(&wish).await;
        onlooker
    }

    async fn say(&mut self, message: &ClientMessage) {
        let text = serde_json::to_string(message).expect("JSON");
        self.socket
            .send(Message::text(text))
            .await
            .expect("an open socket");
    }

    /// Looks until these are the knots there, and none else.
    async fn until_seen(&mut self, wanted: &[&str]) {
        let looking = async {
            loop {
                let mut seen: Vec<&str> = self
                    .view
                    .nodes
                    .values()
                    .map(|node| node.title.as_str())
                    .collect();
                seen.sort_unstable();
                if seen == wanted {
                    return;
                }
                self.say(&ClientMessage::Ping).await;
                let heard = self
                    .socket
                    .next()
                    .await
                    .expect("an open socket")
                    .expect("a message");
                if let Message::Text(text) = heard {
                    self.take(serde_json::from_str(&text).expect("a message"));
                }
            }
        };
        let seen = tokio::time::timeout(PATIENCE, looking).await;
        assert!(seen.is_ok(), "{wanted:?} never came");
    }

    fn take(&mut self, message: ServerMessage) {
        let ServerMessage::Rooms { rooms, .. } = message else {
            return;
        };
        for frame in rooms
            .into_iter()
            .filter(|frame| frame.room == self.room.into())
        {
            match frame.news {
                RoomNews::Full(view) => self.view = view,
                RoomNews::Patch(patch) => self.view.apply(&patch),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_imported_beside_a_running_server_is_seen_live() {
    let data = Data::new();
    let server = Server::start(&data);
    let mut onlooker = Onlooker::new(&server).await;
    let words = import(&data, &places(&data, &["Apotheke", "Museum"]));
    assert!(
        words.contains(&format!(
            "(process {}) runs on this data folder",
            server.pid()
        )),
        "{words}"
    );
    onlooker.until_seen(&["Apotheke", "Museum"]).await;
    assert!(
        onlooker
            .view
            .threads
            .values()
            .all(|thread| thread.expires_at.is_none())
    );
    assert_eq!(onlooker.view.threads.len(), 2);
    // The same places again, and one is called otherwise now.
    import(&data, &places(&data, &["Apotheke", "Weinmuseum", "Bad"]));
    onlooker
        .until_seen(&["Apotheke", "Bad", "Weinmuseum"])
        .await;
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");
}

#[test]
fn where_nothing_runs_the_database_is_started_and_stopped_again() {
    let data = Data::new();
    import(&data, &places(&data, &["Apotheke", "Museum"]));
    assert_eq!(data.processes(), [0_u32; 0], "nothing is left running");
    assert!(!data.path.join("redis").exists(), "an import needs no bus");
    let words = import(&data, &places(&data, &["Apotheke", "Museum"]));
    assert!(!words.contains("first start"), "{words}");
    let server = Server::start(&data);
    let count = data.ask("select count(*) from events where type = 'KnotenGeknuepft'");
    assert_eq!(count.as_deref(), Some("2"));
    // The server weaves what was imported without it.
    eventually("both are in the read model", || {
        data.ask("select count(*) from nodes_read where kind <> 'structure'")
            .as_deref()
            == Some("2")
    });
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");
}

#[test]
fn a_killed_import_leaves_a_folder_that_the_next_one_takes_over() {
    let data = Data::new();
    let pipe = data.path.with_file_name("pipe.geojson");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let import_of_pipe = begin(&data, &pipe);
    // It opens the pipe before anything else, and reads it when the database is there.
    let given = fs::OpenOptions::new()
        .write(true)
        .open(&pipe)
        .expect("the pipe");
    eventually("its role is there", || {
        data.path.join("secrets").exists()
            && data.ask("select count(*) from events").as_deref() == Some("1")
    });
    import_of_pipe.send(Signal::SIGKILL);
    import_of_pipe.wait_for_end();
    drop(given);
    let words = import(&data, &places(&data, &["Apotheke"]));
    assert!(words.contains("stopping what a killed run left"), "{words}");
    assert_eq!(data.processes(), [0_u32; 0], "nothing is left running");
}

#[test]
fn a_server_that_uses_another_database_is_not_guessed_at() {
    let (data, other) = (Data::new(), Data::new());
    let first = Server::start(&data);
    // It holds its folder for its Redis alone.
    let mut command = binary(&other.path);
    command
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("DATABASE_URL", data.database_url());
    let second = Server::spawn(command, &other);
    second.wait_for_words("Weltgewebe is ready");
    let mut import = binary(&other.path);
    import
        .arg("import")
        .arg(places(&other, &["Apotheke"]))
        .env("DATABASE_URL", data.database_url());
    let (status, words) = Server::spawn(import, &other).wait_for_end();
    assert!(status.success(), "{words}");
    let count = data.ask("select count(*) from events where type = 'KnotenGeknuepft'");
    assert_eq!(count.as_deref(), Some("1"));
    second.stop();
    first.stop();
}
