//! `/health/ready` tells what is broken, and that the product goes on without its bus.

use std::time::Duration;

use nix::sys::signal::Signal;
use reqwest::StatusCode;
use serde_json::Value;

use crate::instance::Instance;
use crate::redis::OwnRedis;

async fn ready(instance: &Instance) -> (StatusCode, Value) {
    let answer = instance.visitor().get("/health/ready").await;
    (answer.status(), answer.json().await.expect("JSON"))
}

/// Waits until it says so, and nothing is behind where all is well; what it says then.
async fn until(instance: &Instance, status: &str) -> (StatusCode, Value) {
    let wait = async {
        loop {
            let said = ready(instance).await;
            let is_behind = status == "ok" && said.1["rooms"]["relay_behind"] != 0;
            if said.1["status"] == status && !is_behind {
                return said;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait)
        .await
        .unwrap_or_else(|_| panic!("it never says {status}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_it_is_degraded_and_heals_and_without_postgresql_down() {
    let mut redis = OwnRedis::start().await;
    let url = redis.url();
    let instance = Instance::with(|options| options.redis_url = url).await;
    let anna = instance.role("Anna").await;
    let (code, said) = until(&instance, "ok").await;
    assert_eq!(code, StatusCode::OK);
    assert_eq!(said["postgresql"]["process"], "given");

    // Frozen it does not even refuse: an act is answered and shown all the same.
    redis.signal(Signal::SIGSTOP);
    anna.knot("Mit stillem Bus").await;
    until(&instance, "degraded").await;
    redis.signal(Signal::SIGCONT);
    anna.knot("Mit wachem Bus").await;
    until(&instance, "ok").await;

    redis.kill();
    anna.knot("Ohne Bus").await;
    let (code, said) = until(&instance, "degraded").await;
    assert_eq!(code, StatusCode::OK, "it goes on");
    assert_eq!(said["redis"]["status"], "degraded");
    assert_eq!(said["postgresql"]["status"], "ok");
    redis.begin().await;
    anna.knot("Mit Bus").await;
    until(&instance, "ok").await;

    instance.database.refuse_connections().await;
    let (code, said) = until(&instance, "down").await;
    assert_eq!(code, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(said["postgresql"]["status"], "down");
    instance.database.accept_connections().await;
    until(&instance, "ok").await;
    instance.stop().await;
}
