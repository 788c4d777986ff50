//! TLS by the community's own authority: one port for both, and who does not trust it yet is told how.

use std::io::ErrorKind;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use server::tls::{self, Trust};
use store::{Clock, SystemClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::instance::Instance;

struct House {
    instance: Instance,
    trust: Trust,
    _data: tempfile::TempDir,
}

async fn house() -> House {
    let data = tempfile::tempdir().expect("a folder");
    let named = ["weben.local".to_owned()];
    let certificates =
        Arc::new(tls::certificates(data.path(), &named, SystemClock.now()).expect("certificates"));
    let trust = certificates.trust();
    let instance = Instance::with(|options| options.tls = Some(certificates)).await;
    House {
        instance,
        trust,
        _data: data,
    }
}

/// Who trusts the authority and nobody else.
fn connector(trust: &Trust) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(trust.certificate.clone()))
        .expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn ask(
    mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin,
    path: &str,
    host: &str,
) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it is sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn who_trusts_the_authority_is_served_by_name_and_by_address() {
    let house = house().await;
    for name in ["127.0.0.1", "localhost", "weben.local"] {
        let socket = TcpStream::connect(house.instance.address)
            .await
            .expect("a connection");
        let server = ServerName::try_from(name).expect("a name");
        let stream = connector(&house.trust).connect(server, socket).await;
        let answer = ask(
            stream.unwrap_or_else(|error| panic!("{name}: {error}")),
            "/health/live",
            name,
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    // The certificate does not stand for what nobody named.
    let socket = TcpStream::connect(house.instance.address)
        .await
        .expect("a connection");
    let stranger = ServerName::try_from("example.org").expect("a name");
    let refused = connector(&house.trust).connect(stranger, socket).await;
    assert_eq!(
        refused.map(drop).map_err(|error| error.kind()),
        Err(ErrorKind::InvalidData)
    );
    house.instance.stop().await;
}

#[tokio::test]
async fn this_machine_speaks_plainly_to_itself() {
    let house = house().await;
    let visitor = house.instance.visitor();
    assert_eq!(visitor.get("/health/live").await.status(), 200);
    let certificate = visitor
        .get("/vertrauen.crt")
        .await
        .bytes()
        .await
        .expect("bytes");
    assert_eq!(certificate, house.trust.certificate);
    let page = visitor
        .get("/vertrauen")
        .await
        .text()
        .await
        .expect("a page");
    assert!(page.contains(&house.trust.fingerprint), "{page}");
    house.instance.stop().await;
}

#[tokio::test]
async fn a_cookie_is_secure_where_the_connection_was_encrypted() {
    let house = house().await;
    let anna = house.instance.account("anna@weben.test").await;
    let plain = anna.get("/").await;
    let cookie = plain.headers()["set-cookie"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(!cookie.contains("Secure"), "{cookie}");
    let session = house.instance.session_cookie("anna@weben.test").await;
    let socket = TcpStream::connect(house.instance.address)
        .await
        .expect("a connection");
    let server = ServerName::try_from("127.0.0.1").expect("a name");
    let stream = connector(&house.trust)
        .connect(server, socket)
        .await
        .expect("a handshake");
    let answer = ask(stream, "/", &format!("127.0.0.1\r\nCookie: {session}")).await;
    let cookie = answer
        .lines()
        .find(|line| line.starts_with("set-cookie: wg_session"))
        .expect("a cookie");
    assert!(cookie.contains("Secure"), "{cookie}");
    house.instance.stop().await;
}

#[tokio::test]
async fn without_an_authority_nobody_is_told_to_trust_one() {
    let instance = Instance::start().await;
    for path in ["/vertrauen", "/vertrauen.crt"] {
        assert_eq!(instance.visitor().get(path).await.status(), 404, "{path}");
    }
    instance.stop().await;
}

#[tokio::test]
async fn one_that_says_nothing_holds_up_nobody() {
    let house = house().await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(
            TcpStream::connect(house.instance.address)
                .await
                .expect("a connection"),
        );
    }
    // Half a handshake, and bytes that are none.
    for bytes in [
        &[0x16, 3, 1][..],
        b"\x16garbage that is no handshake at all",
        b"\0\0\0\0",
    ] {
        let mut socket = TcpStream::connect(house.instance.address)
            .await
            .expect("a connection");
        socket.write_all(bytes).await.expect("it is sent");
        silent.push(socket);
    }
    assert_eq!(
        house.instance.visitor().get("/health/live").await.status(),
        200
    );
    drop(silent);
    house.instance.stop().await;
}

#[tokio::test]
async fn plain_words_from_elsewhere_meet_the_page_that_tells_how_to_trust() {
    let trust = Arc::new(Trust {
        certificate: b"der".to_vec(),
        fingerprint: "AB:CD".into(),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move { axum::serve(listener, server::http::trust_router(trust)).await });
    let socket = TcpStream::connect(address).await.expect("a connection");
    let page = ask(socket, "/knoten/1?lang=en", "192.168.0.7:8080").await;
    assert!(
        page.contains("AB:CD") && page.contains("https://192.168.0.7:8080/knoten/1"),
        "{page}"
    );
}
