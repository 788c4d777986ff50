//! Signing in: letters, codes, links, sessions, and their limits.

use std::num::NonZeroU32;
use std::sync::Arc;

use domain::command::Act;
use domain::id::{AccountId, RoleId};
use domain::page::Lang;
use domain::spool::Placement;
use domain::time::{DAY_MS, Millis};
use store::door::Door;
use store::spool::{self, AskError, Asker, Letter};
use store::tail::Tail;
use store::testing::{self, TestClock, TestDatabase};
use store::{Store, sweep};

const LETTERS_MAX: NonZeroU32 = NonZeroU32::new(20).expect("not zero");

fn from(address: &str) -> Asker<'_> {
    Asker {
        address,
        letters_max: LETTERS_MAX,
    }
}

struct Post {
    database: TestDatabase,
    store: Store,
    clock: Arc<TestClock>,
}

impl Post {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let clock = TestClock::new(Millis(1_795_608_000_000));
        let store = database.store_with(clock.clone()).await;
        Self {
            database,
            store,
            clock,
        }
    }

    async fn ask(&self, to: &str, asker: &str) -> Result<(), AskError> {
        spool::ask(
            &self.store,
            to,
            Lang::En,
            "http://127.0.0.1:4000",
            from(asker),
        )
        .await
    }

    async fn letter(&self, to: &str) -> Letter {
        self.ask(to, "::1").await.expect("a letter");
        spool::mailbox(&self.store, 1)
            .await
            .expect("a mailbox")
            .remove(0)
    }

    async fn code(&self, to: &str, code: &str) -> Option<String> {
        spool::consume_code(&self.store, to, code)
            .await
            .expect("an answer")
    }

    async fn link(&self, letter: &Letter) -> Option<String> {
        let token = letter.link.rsplit('/').next().expect("a token");
        spool::consume_token(&self.store, token)
            .await
            .expect("an answer")
    }

    async fn is_signed_in(&self, token: &str) -> bool {
        spool::session(&self.store, token)
            .await
            .expect("an answer")
            .is_some()
    }
}

#[tokio::test]
async fn code_and_link_sign_in_once_each_letter_and_find_the_same_account() {
    let post = Post::new().await;
    let letter = post.letter(" Anna@Example.org").await;
    assert_eq!(
        (letter.to.as_str(), letter.lang),
        ("anna@example.org", Lang::En)
    );
    assert_eq!(letter.code.len(), 8);
    let first = post
        .code("ANNA@example.org ", &letter.code)
        .await
        .expect("a session");
    assert_eq!(post.link(&letter).await, None, "the letter is used");
    assert_eq!(post.code("anna@example.org", &letter.code).await, None);

    post.clock.advance(1);
    let letter = post.letter("anna@example.org").await;
    let second = post.link(&letter).await.expect("a session");
    assert_eq!(post.link(&letter).await, None, "a link works once");
    let account = async |token: &str| {
        spool::session(&post.store, token)
            .await
            .expect("an answer")
            .expect("a session")
    };
    let (first_is, second_is) = (account(&first).await, account(&second).await);
    assert_eq!(first_is, second_is);
    assert_eq!(
        (first_is.email.as_str(), first_is.role),
        ("anna@example.org", None)
    );

    spool::end_session(&post.store, &first)
        .await
        .expect("signed out");
    assert!(!post.is_signed_in(&first).await && post.is_signed_in(&second).await);
}

#[tokio::test]
async fn nothing_that_signs_in_is_stored_but_in_the_letter_until_it_is_sent() {
    let post = Post::new().await;
    let letter = post.letter("anna@example.org").await;
    let session = post
        .code("anna@example.org", &letter.code)
        .await
        .expect("a session");
    let letter = post.letter("bert@example.org").await;
    let token = letter.link.rsplit('/').next().expect("a token").to_owned();
    let mut connection = post.database.connection().await;
    let mut found = async |secret: &str| -> i64 {
        sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM logins l WHERE l::text LIKE '%' || $1 || '%')
                  + (SELECT count(*) FROM sessions s WHERE s::text LIKE '%' || $1 || '%')
                  + (SELECT count(*) FROM mails m WHERE m::text LIKE '%' || $1 || '%')",
        )
        .bind(secret)
        .fetch_one(&mut connection)
        .await
        .expect("a number")
    };
    assert_eq!(found(&session).await, 0);
    assert_eq!(
        (found(&token).await, found(&letter.code).await),
        (1, 1),
        "in the letter alone"
    );
    let claimed = spool::claim_letters(&post.store, 10)
        .await
        .expect("letters");
    assert_eq!(claimed.len(), 2);
    assert!(
        spool::claim_letters(&post.store, 10)
            .await
            .expect("none")
            .is_empty(),
        "another instance leaves them"
    );
    spool::letter_done(&post.store, letter.id, true)
        .await
        .expect("sent");
    assert_eq!((found(&token).await, found(&letter.code).await), (0, 0));
    post.clock.advance(spool::TAKEN_FOR_MS + 1);
    let again = spool::claim_letters(&post.store, 10)
        .await
        .expect("letters");
    assert_eq!(
        again.len(),
        1,
        "what was not sent comes again, what was does not"
    );
}

#[tokio::test]
async fn codes_can_be_tried_five_times_also_at_once() {
    let post = Post::new().await;
    let letter = post.letter("anna@example.org").await;
    let wrong = if letter.code == "00000000" {
        "00000001"
    } else {
        "00000000"
    };
    for _ in 0..4 {
        assert_eq!(post.code("anna@example.org", wrong).await, None);
    }
    assert!(
        post.code("anna@example.org", &letter.code).await.is_some(),
        "the fifth is right"
    );

    post.clock.advance(1);
    let letter = post.letter("bert@example.org").await;
    let wrong = if letter.code == "00000000" {
        "00000001"
    } else {
        "00000000"
    };
    tokio::join!(
        post.code("bert@example.org", wrong),
        post.code("bert@example.org", wrong),
        post.code("bert@example.org", wrong),
        post.code("bert@example.org", wrong),
        post.code("bert@example.org", wrong),
    );
    assert_eq!(
        post.code("bert@example.org", &letter.code).await,
        None,
        "the sixth is too late"
    );
    assert!(post.link(&letter).await.is_some(), "the link still works");
}

#[tokio::test]
async fn letters_have_limits_per_address_and_per_asker_also_at_once() {
    let post = Post::new().await;
    assert!(matches!(
        post.ask("nobody", "::1").await,
        Err(AskError::NotAnAddress(_))
    ));
    let asked = (0..12).map(|_| {
        let store = post.store.clone();
        tokio::spawn(async move {
            spool::ask(
                &store,
                "anna@example.org",
                Lang::De,
                "http://x.test",
                from("::1"),
            )
            .await
        })
    });
    let mut written = 0;
    for asked in asked.collect::<Vec<_>>() {
        written += i64::from(asked.await.expect("a task").is_ok());
    }
    assert_eq!(written, spool::ASKED_PER_EMAIL_MAX);
    for n in written..i64::from(LETTERS_MAX.get()) {
        post.ask(&format!("person{n}@example.org"), "::1")
            .await
            .expect("a letter");
    }
    let answer = post.ask("one.more@example.org", "::1").await;
    assert!(matches!(answer, Err(AskError::TooMany { .. })));
    post.ask("one.more@example.org", "::2")
        .await
        .expect("another asker may");
    post.clock.advance(60 * 60 * 1000 + 1);
    post.ask("anna@example.org", "::1")
        .await
        .expect("an hour later");
}

#[tokio::test]
async fn a_letter_grows_old_and_a_session_lasts_as_long_as_it_is_used() {
    let post = Post::new().await;
    let letter = post.letter("anna@example.org").await;
    post.clock.advance(spool::LOGIN_LASTS_MS);
    assert_eq!(post.code("anna@example.org", &letter.code).await, None);
    assert_eq!(post.link(&letter).await, None);
    assert!(
        spool::mailbox(&post.store, 10)
            .await
            .expect("a mailbox")
            .is_empty()
    );

    let letter = post.letter("anna@example.org").await;
    let token = post.link(&letter).await.expect("a session");
    for _ in 0..4 {
        post.clock.advance(60 * DAY_MS);
        assert!(
            post.is_signed_in(&token).await,
            "it is used every sixty days"
        );
    }
    post.clock.advance(spool::SESSION_LASTS_MS);
    assert!(!post.is_signed_in(&token).await);

    sweep::once(&post.store).await.expect("a sweep");
    let mut connection = post.database.connection().await;
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM logins) + (SELECT count(*) FROM mails)",
    )
    .fetch_one(&mut connection)
    .await
    .expect("a number");
    assert_eq!(left, 0);
}

/// An account with a role, signed in.
async fn at_home(post: &Post) -> (String, AccountId) {
    let letter = post.letter("anna@example.org").await;
    let token = post.link(&letter).await.expect("a session");
    let session = spool::session(&post.store, &token).await;
    let account = session.expect("an answer").expect("a session").account;
    let act = Act::RegisterRole {
        name: "Anna".to_owned(),
        placement: Placement::Hidden,
    };
    let command = testing::command(RoleId(testing::id()), post.store.now(), act);
    let door = Door::start(post.store.clone());
    let registered = door.submit_registering(account, command).await;
    registered.expect("a role");
    (token, account)
}

#[tokio::test]
async fn a_role_is_known_at_once_and_a_session_that_ends_is_not_taken_once_more() {
    let post = Post::new().await;
    let (token, _) = at_home(&post).await;
    for _ in 0..2 {
        let session = spool::session(&post.store, &token).await;
        let session = session.expect("an answer").expect("a session");
        assert!(session.role.is_some());
    }
    spool::end_session(&post.store, &token)
        .await
        .expect("signed out");
    assert!(!post.is_signed_in(&token).await);
}

#[tokio::test]
async fn a_session_that_ends_on_another_instance_is_forgotten_by_its_notification() {
    let post = Post::new().await;
    let (token, account) = at_home(&post).await;
    let other = post.database.store_with(post.clock.clone()).await;
    let tail = Tail::start(&other);
    let mut ended = tail.ended_sessions();
    // It hears as soon as it knows the head.
    let mut head = tail.watch();
    let heard = head.wait_for(|head| head.id > 0).await;
    heard.expect("the tail goes on");
    let here = async || {
        let session = spool::session(&other, &token).await;
        session.expect("an answer").map(|session| session.account)
    };
    // The clock stands still, so that nothing grows old by itself.
    assert_eq!(here().await, Some(account));
    spool::end_session(&post.store, &token)
        .await
        .expect("signed out");
    ended.recv().await.expect("it is told");
    assert_eq!(here().await, None);
}
