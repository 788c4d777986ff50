//! Files that come: of those who may show them, one of each at a time; and who sees them when nothing shows them.

use reqwest::{Method, StatusCode};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::instance::Instance;
use crate::pictures::{BOUNDARY, follow, form, leads, pictures_of, send, small_ones, some_picture};

#[tokio::test]
async fn a_file_is_kept_of_nobody_who_may_not_show_it() {
    let instance = Instance::start().await;
    let (anna, ben) = (instance.role("Anna").await, instance.role("Ben").await);
    let node = anna.knot("Hochbeet").await;
    let png = some_picture();
    let refused = send(&ben, &pictures_of(node), form(&png, None)).await;
    assert!(leads(&refused).contains("?nein="), "{}", leads(&refused));
    assert_eq!(instance.database.pictures_kept().await, 0);
    // Judged well and refused in the end: what it shows is too long to be said of a picture.
    let long = "x".repeat(domain::weave::ALT_MAX as usize + 1);
    let refused = send(&anna, &pictures_of(node), form(&png, Some(&long))).await;
    assert!(leads(&refused).contains("?nein="), "{}", leads(&refused));
    assert_eq!(instance.database.pictures_kept().await, 0);
    let shown = send(&anna, &pictures_of(node), form(&png, None)).await;
    assert!(leads(&shown).contains("?bild=da"));
    assert_eq!(instance.database.pictures_kept().await, 1);
    instance.stop().await;
}

#[tokio::test]
async fn who_sends_slowly_holds_up_nobody_else() {
    let instance = Instance::start().await;
    let (anna, _ben) = (instance.role("Anna").await, instance.role("Ben").await);
    let node = anna.knot("Hochbeet").await;
    let cookie = instance.session_cookie("ben@weben.test").await;
    let mut slow = Vec::new();
    for _ in 0..12 {
        let mut line = TcpStream::connect(instance.address).await.expect("a line");
        let head = format!(
            "POST /ich/bild HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nContent-Length: 100000\r\n\
             Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n--{BOUNDARY}\r\n\
             Content-Disposition: form-data; name=\"bild\"; filename=\"x.jpg\"\r\n\r\n",
            instance.address
        );
        line.write_all(head.as_bytes()).await.expect("a beginning");
        slow.push(line);
    }
    let shown = send(&anna, &pictures_of(node), form(&some_picture(), None)).await;
    assert!(leads(&shown).contains("?bild=da"), "{}", leads(&shown));
    // His own next one waits for the one before.
    let ben = instance.visitor();
    let ask = ben
        .request(Method::POST, "/ich/bild")
        .header("cookie", cookie)
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .body(form(&some_picture(), None));
    let busy = ask.send().await.expect("an answer");
    assert!(leads(&busy).contains("?bild=gestoert"), "{}", leads(&busy));
    drop(slow);
    instance.stop().await;
}

#[tokio::test]
async fn what_is_removed_is_for_members_who_read_its_history() {
    let instance = Instance::start().await;
    let (anna, ben) = (instance.role("Anna").await, instance.role("Ben").await);
    let account = instance.account("carl@weben.test").await;
    let visitor = instance.visitor();
    let node = anna.knot("Hochbeet").await;
    let answer = send(&anna, &pictures_of(node), form(&some_picture(), None)).await;
    let page = follow(&anna, &answer).await;
    let small = small_ones(&page)[0].to_owned();
    let history = format!("/knoten/{node}/verlauf");
    for person in [&visitor, &account, &ben] {
        assert_eq!(person.get(&small).await.status(), StatusCode::OK);
    }
    let large = small.trim_end_matches("/klein");
    let id = large.trim_start_matches("/bilder/");
    let remove = format!("{}/{id}/entfernen", pictures_of(node));
    follow(&anna, &send(&anna, &remove, Vec::new()).await).await;
    for path in [&*small, large] {
        for person in [&visitor, &account] {
            assert_eq!(person.get(path).await.status(), StatusCode::NOT_FOUND);
        }
        let seen = ben.get(path).await;
        assert_eq!(seen.status(), StatusCode::OK);
        assert_eq!(seen.headers()["cache-control"], "private, no-store");
    }
    for (person, is_drawn) in [(&visitor, false), (&ben, true)] {
        let page = person.get(&history).await.text().await.expect("a page");
        assert_eq!(page.contains(&small), is_drawn, "{page}");
    }
    instance.stop().await;
}
