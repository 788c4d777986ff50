//! One's own role: in hello, again when it changes, and no more when the session has ended.

use domain::command::Act;
use domain::id::RoleId;
use domain::spool::Placement;
use domain::wire::CloseCode;
use store::testing::{command, id};

use crate::listener::{Closed, Listener, request};
use crate::stage::{Stage, register};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ones_own_role_is_told_and_told_again() {
    let stage = Stage::new().await;
    let instance = stage.instance().await;
    let email = "ada@weben.test";
    let token = store::testing::sign_in(&stage.store, email).await;
    let session = store::spool::session(&stage.store, &token)
        .await
        .expect("a database")
        .expect("a session");
    let role = RoleId(id());
    let registering = command(role, stage.store.now(), register("Ada", None));
    let done = stage
        .door
        .submit_registering(session.account, registering)
        .await
        .expect("a role")
        .cursor;
    stage.fresh(&[], done).await;

    let mut request = request(instance.address);
    request.headers_mut().insert(
        "cookie",
        format!("a=b; wg_session={token}")
            .parse()
            .expect("a header"),
    );
    let mut listener = Listener::with(&instance, request, None)
        .await
        .expect("a handshake");
    assert_eq!(
        listener.me.as_ref().map(|me| (me.role, me.name.as_str())),
        Some((role, "Ada"))
    );

    stage
        .act(
            role,
            Act::RenameRole {
                name: "Ada L.".to_owned(),
            },
        )
        .await;
    while listener.me.as_ref().is_none_or(|me| me.name != "Ada L.") {
        listener.hear().await.expect("an open socket");
    }
    let place = crate::stage::HERE;
    stage
        .act(
            role,
            Act::PlaceRole {
                placement: Placement::Exact { place },
            },
        )
        .await;
    while listener
        .me
        .as_ref()
        .is_none_or(|me| me.place != Some(place))
    {
        listener.hear().await.expect("an open socket");
    }
    let mut guest = Listener::connect(&instance).await;
    assert_eq!(guest.me, None);

    // Wherever it is ended: this instance hears of it.
    store::spool::end_session(&stage.store, &token)
        .await
        .expect("a database");
    assert_eq!(
        listener.end().await,
        Closed(Some(CloseCode::SignedOut.code()))
    );
    guest.say(&domain::wire::ClientMessage::Ping).await;
    guest.hear().await.expect("others stay");
}
