//! The page of a role's rights, and the forms of admins.

use domain::id::RoleId;
use reqwest::StatusCode;

use crate::instance::{Instance, Person, events};

fn path(role: RoleId) -> String {
    format!("/rolle/{role}/rechte")
}

fn form<'a>(right: &'a str, deed: &'a str, reason: &'a str) -> [(&'a str, &'a str); 3] {
    let field = if right == "weaver" {
        "reason-weaver"
    } else {
        "reason-admin"
    };
    [("right", right), ("deed", deed), (field, reason)]
}

async fn text(person: &Person<'_>, path: &str) -> String {
    let answer = person.get(path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.expect("a page")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_gives_and_takes_rights_and_says_why() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let ben = instance.role("Ben").await;
    anna.becomes_admin().await;
    let of_ben = path(ben.role);
    let before = text(&anna, &of_ben).await;
    assert!(before.contains("Rechte von Ben") && before.contains("Recht geben"));
    assert!(!before.contains("Recht entziehen"), "{before}");
    let why = "Kennt hier alle";
    for (right, event) in [("weaver", "WeberBestaetigt"), ("admin", "RechtVergeben")] {
        let given = anna.fill_in(&of_ben, &form(right, "give", why)).await;
        assert_eq!(given.status(), StatusCode::SEE_OTHER);
        let log = events(&instance).await;
        let last = log.last().expect("an event");
        assert_eq!(last["payload"]["type"], event);
        assert_eq!(last["actor"]["role"], anna.role.to_string());
    }
    let held = text(&ben, &of_ben).await;
    assert!(held.contains("Recht entziehen") && !held.contains("Recht geben"));
    // By now he is one himself.
    let taken = ben
        .fill_in(&path(anna.role), &form("admin", "take", "Ist weggezogen"))
        .await;
    assert_eq!(taken.status(), StatusCode::SEE_OTHER);
    assert!(!text(&anna, &of_ben).await.contains("<form"));
    instance.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_no_admin_reads_and_changes_nothing() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    // As soon as that is shown she is too.
    anna.knot("Sommerfest").await;
    let visitor = instance.visitor();
    let of_anna = path(anna.role);
    for person in [&visitor, &anna] {
        let page = text(person, &of_anna).await;
        assert!(
            page.contains("Rechte von Anna") && !page.contains("<form"),
            "{page}"
        );
    }
    let before = events(&instance).await.len();
    let asked = form("weaver", "give", "Weil ich will");
    let refused = visitor.fill_in(&of_anna, &asked).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let refused = anna.fill_in(&of_anna, &asked).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    anna.becomes_admin().await;
    for reason in ["", "   ", &"x".repeat(301)] {
        let asked = form("weaver", "give", reason);
        let refused = anna.fill_in(&of_anna, &asked).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text().await.expect("a page");
        assert!(page.contains("Ein Grund hat 1 bis 300 Zeichen"), "{page}");
        let is_kept = page.contains(&format!("value=\"{reason}\""));
        assert!(is_kept || reason.is_empty(), "{page}");
    }
    for odd in [
        "unsinn",
        &domain::id::NodeId(store::testing::id()).to_string(),
    ] {
        let answer = visitor.get(&format!("/rolle/{odd}/rechte")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{odd}");
    }
    let unknown = form("everything", "give", "Warum nicht");
    let malformed = anna.fill_in(&of_anna, &unknown).await;
    assert!(malformed.status().is_client_error());
    assert_eq!(events(&instance).await.len(), before + 1, "the admin alone");
    instance.stop().await;
}
