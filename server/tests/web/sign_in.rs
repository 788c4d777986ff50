//! Signing in and out.

use domain::command::Act;
use domain::id::{NodeId, RoleId};
use domain::problem::{Fate, Problem, ProblemKind};
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::weave::NodeKind;
use reqwest::{Method, Response, StatusCode};
use serde_json::json;

use crate::instance::{Instance, knot};

#[tokio::test]
async fn a_link_shows_a_button_and_only_the_button_signs_in() {
    let instance = Instance::start().await;
    let anna = instance.visitor();
    anna.post_json("/api/session/mail", &json!({ "email": "anna@weben.test" }))
        .await;
    let path = link(&instance, "anna@weben.test").await;
    for _ in 0..3 {
        // A scanner that follows links uses nothing up.
        assert_eq!(anna.get(&path).await.status(), StatusCode::OK);
    }
    let pressed = anna
        .request(Method::POST, &path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(pressed.status(), StatusCode::SEE_OTHER);
    assert_eq!(pressed.headers()["location"], "/ich");
    assert!(
        anna.get("/ich")
            .await
            .text()
            .await
            .expect("a page")
            .contains("anna@weben.test")
    );
    let again = instance
        .visitor()
        .request(Method::POST, &path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(again.status(), StatusCode::GONE);
    instance.stop().await;
}

#[tokio::test]
async fn a_code_works_once_and_wrong_ones_use_it_up() {
    let instance = Instance::start().await;
    let email = "ben@weben.test";
    let ben = instance.account(email).await;
    let code = instance.code_for(email).await;
    let ask = json!({ "email": email, "code": code });
    let answer = ben.post_json("/api/session/code", &ask).await;
    assert_eq!(
        answer.status(),
        StatusCode::NO_CONTENT,
        "whom it has signed in is not told that it is wrong"
    );
    assert!(!answer.headers().contains_key("set-cookie"));
    // For anyone else it was used.
    for someone in [
        instance.visitor(),
        instance.account("cleo@weben.test").await,
    ] {
        let answer = someone.post_json("/api/session/code", &ask).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let ben = instance.visitor();

    // So that this letter is the newest.
    instance.clock.advance(1000);
    ben.post_json("/api/session/mail", &json!({ "email": email }))
        .await;
    let code = instance.code_for(email).await;
    for _ in 0..5 {
        ben.post_json(
            "/api/session/code",
            &json!({ "email": email, "code": "00000000" }),
        )
        .await;
    }
    let answer = ben
        .post_json(
            "/api/session/code",
            &json!({ "email": email, "code": code }),
        )
        .await;
    assert_eq!(
        answer.status(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "five tries were used up"
    );
    instance.stop().await;
}

#[tokio::test]
async fn letters_are_limited_and_nonsense_gets_none() {
    let instance = Instance::start().await;
    let visitor = instance.visitor();
    let mut last = StatusCode::ACCEPTED;
    for _ in 0..20 {
        let body = json!({ "email": "viel@weben.test" });
        last = visitor.post_json("/api/session/mail", &body).await.status();
        if last != StatusCode::ACCEPTED {
            break;
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let nonsense = visitor
        .post_json("/api/session/mail", &json!({ "email": "kein-at" }))
        .await;
    assert_eq!(nonsense.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let malformed = visitor
        .post_json("/api/session/mail", &json!({ "mail": 1 }))
        .await;
    assert_eq!(malformed.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        malformed.headers()["content-type"],
        "application/problem+json"
    );
    instance.stop().await;
}

#[tokio::test]
async fn the_cookie_is_secure_only_by_tls_and_gone_after_signing_out() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let ended = anna
        .request(Method::POST, "/api/session/end")
        .send()
        .await
        .expect("an answer");
    assert_eq!(ended.status(), StatusCode::NO_CONTENT);
    let cleared = ended.headers()["set-cookie"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        cleared.contains("Max-Age=0") && !cleared.contains("Secure"),
        "{cleared}"
    );
    let act = Act::RenameRole {
        name: "Anna".into(),
    };
    assert_eq!(anna.act(act).await.status(), StatusCode::UNAUTHORIZED);

    let email = "anna@weben.test";
    // So that this letter is the newest.
    instance.clock.advance(1000);
    anna.post_json("/api/session/mail", &json!({ "email": email }))
        .await;
    let code = instance.code_for(email).await;
    let signed_in = anna
        .request(Method::POST, "/api/session/code")
        .header("x-forwarded-proto", "https")
        .json(&json!({ "email": email, "code": code }))
        .send()
        .await
        .expect("an answer");
    let cookie = signed_in.headers()["set-cookie"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        cookie.contains("; Secure") && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    instance.stop().await;
}

#[tokio::test]
async fn an_account_has_one_role_and_a_second_is_refused_for_good() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let mut second = anna.command(register("Zweite"));
    second.by = RoleId(store::testing::id());
    for _ in 0..2 {
        let refused = problem(anna.submit(&second).await).await;
        assert_eq!(refused.kind.fate(), Fate::Refused);
        assert_eq!(refused.refusal, Some(Refusal::RoleTaken));
    }
    // What was done under it is refused too where it is known to be this account's, and the rest goes on.
    let mut under_it = anna.command(knot(
        NodeId(store::testing::id()),
        NodeKind::Idea,
        "Unter der zweiten",
    ));
    under_it.by = second.by;
    let account = anna.account_id().await;
    let refused = problem(anna.submit_of(account, &under_it).await).await;
    assert_eq!(refused.refusal, Some(Refusal::RoleUnknown));
    assert_eq!(
        anna.act(Act::RenameRole {
            name: "Anna Lind".into()
        })
        .await
        .status(),
        StatusCode::OK
    );
    instance.stop().await;
}

#[tokio::test]
async fn a_registration_waits_for_the_account_that_wrote_it() {
    let instance = Instance::start().await;
    let anna = instance.account("anna@weben.test").await;
    let ben = instance.account("ben@weben.test").await;
    let account = anna.account_id().await;
    let written = anna.command(register("Anna"));
    let foreign = problem(ben.submit_of(account, &written).await).await;
    assert_eq!(
        (foreign.kind, foreign.kind.fate()),
        (ProblemKind::ForeignRole, Fate::Stays)
    );
    assert_eq!(
        anna.submit_of(account, &written).await.status(),
        StatusCode::OK
    );
    let named = crate::instance::events(&instance).await;
    assert_eq!(named.len(), 1, "{named:?}");
    // Ben has none yet and may have one.
    assert_eq!(ben.act(register("Ben")).await.status(), StatusCode::OK);
    instance.stop().await;
}

fn register(name: &str) -> Act {
    Act::RegisterRole {
        name: name.into(),
        placement: Placement::Hidden,
    }
}

async fn problem(answer: Response) -> Problem {
    answer.json().await.expect("a problem")
}

#[tokio::test]
async fn the_mailbox_opens_only_here_and_with_its_key() {
    let instance = Instance::start().await;
    let visitor = instance.visitor();
    assert_eq!(
        visitor.get("/postfach").await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        visitor.get("/postfach?token=geraten").await.status(),
        StatusCode::NOT_FOUND
    );
    let key = instance.mailbox_path();
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.9"),
        ("host", "weben.example"),
    ] {
        let answer = visitor
            .request(Method::GET, key)
            .header(name, value)
            .send()
            .await;
        assert_eq!(
            answer.expect("an answer").status(),
            StatusCode::NOT_FOUND,
            "{name}"
        );
    }
    let opened = visitor.get(key).await;
    assert_eq!(opened.status(), StatusCode::OK);
    assert_eq!(opened.headers()["cache-control"], "no-store");
    instance.account("anna@weben.test").await;
    for (lang, time) in [("de", " Uhr UTC</time>"), ("en", " UTC</time>")] {
        let read = visitor
            .get(&format!("{key}&lang={lang}"))
            .await
            .text()
            .await;
        assert!(
            read.expect("a page").contains(time),
            "a time that one can read"
        );
    }
    let policy = opened.headers()["content-security-policy"]
        .to_str()
        .expect("text");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    instance.stop().await;
}

#[tokio::test]
async fn use_makes_the_cookie_last() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let page = anna.get("/").await;
    let cookie = page.headers()["set-cookie"].to_str().expect("text");
    assert!(
        cookie.starts_with("wg_session=") && cookie.contains("Max-Age=7776000"),
        "{cookie}"
    );
    let guest = instance.visitor().get("/").await;
    assert!(!guest.headers().contains_key("set-cookie"));
    // A browser whose session has ended is not told to keep its cookie.
    anna.request(Method::POST, "/api/session/end")
        .header("cookie", cookie)
        .send()
        .await
        .expect("an answer");
    let ended = anna
        .request(Method::GET, "/")
        .header("cookie", "wg_session=0");
    let ended = ended.send().await.expect("an answer");
    assert!(!ended.headers().contains_key("set-cookie"));
    instance.stop().await;
}

#[tokio::test]
async fn a_form_that_is_none_gets_a_problem() {
    let instance = Instance::start().await;
    let visitor = instance.visitor();
    for (kind, status) in [
        ("text/plain", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/x-www-form-urlencoded", StatusCode::BAD_REQUEST),
    ] {
        let answer = visitor
            .request(Method::POST, "/anmelden")
            .header("content-type", kind)
            .body("unsinn")
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), status, "{kind}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    instance.stop().await;
}

/// The path of the link in the newest letter to `email`.
async fn link(instance: &Instance, email: &str) -> String {
    let letter = instance.letter_to(email).await;
    let at = letter.find("/anmelden/").expect("a link");
    letter[at..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "/-_".contains(*c))
        .collect()
}

/// Presses the button of the page at `path` in that language; status and page.
async fn press(instance: &Instance, path: &str, lang: &str) -> (StatusCode, String) {
    let pressed = instance
        .visitor()
        .request(Method::POST, path)
        .header("accept-language", lang)
        .send()
        .await
        .expect("an answer");
    let status = pressed.status();
    assert!(
        status == StatusCode::SEE_OTHER || !pressed.headers().contains_key("set-cookie"),
        "no session comes of it"
    );
    (status, pressed.text().await.expect("a page"))
}

#[tokio::test]
async fn a_link_that_is_forged_used_too_old_or_was_overtaken_says_so_in_both_languages() {
    let instance = Instance::start().await;
    let email = "anna@weben.test";
    let ask = async || {
        instance.clock.advance(1000);
        let asked = instance
            .visitor()
            .post_json("/api/session/mail", &json!({ "email": email }))
            .await;
        assert_eq!(asked.status(), StatusCode::ACCEPTED);
        link(&instance, email).await
    };
    // Whoever has the letter is its reader: who took the link signs in, and its owner sees that it was used.
    let stolen = ask().await;
    let (status, _) = press(&instance, &stolen, "de").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    // Used by the code that stood beside it.
    let beside = ask().await;
    let code = instance.code_for(email).await;
    let body = json!({ "email": email, "code": code });
    let owner = instance.visitor();
    let by_code = owner.post_json("/api/session/code", &body).await;
    assert_eq!(by_code.status(), StatusCode::NO_CONTENT);
    let old = ask().await;
    instance.clock.advance(store::spool::LOGIN_LASTS_MS + 1000);
    let forged = format!("/anmelden/{}", "0".repeat(64));
    let endless = format!("/anmelden/{}", "0".repeat(6000));
    for path in [&stolen, &beside, &old, &forged, &endless, "/anmelden/%00"] {
        for (lang, words) in [
            ("de", "Dieser Link gilt nicht mehr."),
            ("en", "This link is no longer valid."),
        ] {
            let (status, page) = press(&instance, path, lang).await;
            assert_eq!(status, StatusCode::GONE, "{path}");
            assert!(page.contains(words), "{path}: {page}");
        }
    }
    // A code of somebody else, no code, and one that is no number.
    let foreign = instance.visitor();
    for (email, code) in [
        ("ben@weben.test", code.as_str()),
        (email, ""),
        (email, "١٢٣٤٥٦٧٨"),
        ("kein\0at@", "12345678"),
    ] {
        let body = json!({ "email": email, "code": code });
        let answer = foreign.post_json("/api/session/code", &body).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    instance.stop().await;
}
