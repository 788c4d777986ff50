//! Letters that go out by SMTP.

use serde_json::json;
use server::http::{Letters, Mailer};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::instance::Instance;

#[tokio::test]
async fn a_letter_says_in_which_alphabet_it_is_written() {
    let (address, letter) = post_office().await;
    let mailer = Mailer::new(
        &format!("smtp://{address}"),
        "Weltgewebe <weben@weben.test>",
    );
    let instance = Instance::with(|options| {
        options.letters = Letters {
            mailer: Some(mailer.expect("it is an address")),
            public_url: Some("https://weben.test".to_owned()),
        };
    })
    .await;
    let anna = instance.visitor();
    anna.post_json("/api/session/mail", &json!({ "email": "anna@weben.test" }))
        .await;
    let letter = letter.await.expect("a letter arrives");
    let (head, body) = letter.split_once("\r\n\r\n").expect("head and body");
    for line in [
        "From: Weltgewebe <weben@weben.test>",
        "To: anna@weben.test",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Message-ID: <",
        "Date: ",
        "Subject: ",
    ] {
        assert!(
            head.lines().any(|of| of.starts_with(line)),
            "{line}: {head}"
        );
    }
    assert!(body.contains("https://weben.test/anmelden/"), "{body}");
    assert_eq!(
        anna.get("/postfach").await.status(),
        404,
        "letters that go out are read by nobody here"
    );
    instance.stop().await;
}

/// Takes one letter, as a mail server does, and gives it as it came.
async fn post_office() -> (std::net::SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it is bound");
    let taking = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("someone brings a letter");
        let (lines, mut answers) = stream.into_split();
        let mut lines = BufReader::new(lines).lines();
        let mut letter = String::new();
        let mut is_letter = false;
        answers
            .write_all(b"220 weben.test\r\n")
            .await
            .expect("a greeting");
        while let Some(line) = lines.next_line().await.expect("lines") {
            let answer: &[u8] = match (is_letter, line.as_str()) {
                (true, ".") => {
                    answers
                        .write_all(b"250 taken\r\n")
                        .await
                        .expect("an answer");
                    return letter;
                }
                (true, line) => {
                    letter.push_str(line);
                    letter.push_str("\r\n");
                    continue;
                }
                (false, "DATA") => {
                    is_letter = true;
                    b"354 go on\r\n"
                }
                (false, _) => b"250 well\r\n",
            };
            answers.write_all(answer).await.expect("an answer");
        }
        letter
    });
    (address, taking)
}
