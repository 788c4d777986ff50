//! The disk is full: at the first start, at a later one, and under people who write. Each on a small disk of its own, which only
//! root may make.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use domain::command::{Act, Command as Asked};
use domain::id::NodeId;
use domain::weave::{NodeKind, Particulars};
use reqwest::StatusCode;
use serde_json::Value;

use crate::harness::{Data, PATIENCE, Server, is_root};
use crate::person::{HERE, Person};

/// A disk in memory that lies where the data folder will be.
struct Disk {
    data: Data,
}

impl Disk {
    /// None where this user may not make one.
    fn new(megabytes: u32) -> Option<Self> {
        let data = Data::new();
        fs::create_dir(&data.path).expect("it is ours");
        let is_made = is_root()
            && Command::new("mount")
                .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
                .arg(&data.path)
                .status()
                .is_ok_and(|status| status.success());
        if !is_made {
            eprintln!("skipped: only root, and not in every container, makes a small disk");
            return None;
        }
        Some(Self { data })
    }

    fn grow(&self, megabytes: u32) {
        let status = Command::new("mount")
            .args(["-o", &format!("remount,size={megabytes}m")])
            .arg(&self.data.path)
            .status();
        assert!(status.expect("mount").success());
    }

    fn filler(&self) -> PathBuf {
        self.data.path.join("filler")
    }

    /// Fills it to the last byte.
    fn fill(&self) {
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(self.filler())
            .expect("a file");
        for size in [1 << 20, 1 << 12, 1] {
            let zeros = vec![0; size];
            while file.write_all(&zeros).is_ok() {}
        }
    }

    fn make_room(&self) {
        fs::remove_file(self.filler()).expect("it was filled");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        for pid in self.data.processes() {
            crate::harness::send(pid, nix::sys::signal::Signal::SIGKILL);
        }
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(&self.data.path)
            .status();
    }
}

fn assert_refused(disk: &Disk) {
    let (status, words) = Server::begin(&disk.data).wait_for_end();
    assert!(!status.success(), "{words}");
    let said = words.lines().last().expect("a sentence");
    assert!(
        said.contains("lies on is full") && said.contains("Fix: make room on it"),
        "{words}"
    );
    assert_eq!(disk.data.processes(), [0_u32; 0], "nothing is left running");
}

#[test]
fn a_full_disk_is_told_at_the_first_start_and_at_later_ones() {
    // Too small for a database; then large enough for one.
    let Some(disk) = Disk::new(20) else { return };
    assert_refused(&disk);
    disk.grow(200);
    let server = Server::start(&disk.data);
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");
    disk.fill();
    assert_refused(&disk);
    disk.make_room();
    let _server = Server::start(&disk.data);
    assert_eq!(disk.data.ask("select 1").as_deref(), Some("1"));
}

/// An idea with as many words as it may have.
fn long_idea(person: &Person, n: usize) -> Asked {
    person.command(Act::KnotNode {
        node: NodeId(store::testing::id()),
        kind: NodeKind::Idea,
        title: format!("Idee {n}"),
        text: "Ä".repeat(4000),
        place: HERE,
        starts_at: None,
        particulars: Particulars::default(),
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_fills_up_while_people_write_loses_nothing_and_heals() {
    let Some(disk) = Disk::new(200) else { return };
    let server = Server::start(&disk.data);
    let anna = Person::new(&server, "Anna").await;
    let before = anna.log().await.len();
    let mut commands: Vec<Asked> = (0..5).map(|n| long_idea(&anna, n)).collect();
    for command in &commands {
        anna.submit_until_told(command).await;
    }
    disk.fill();
    // Some find room in what is there already; then none does.
    let refused = async {
        loop {
            let command = long_idea(&anna, commands.len());
            commands.push(command.clone());
            let answer = anna.submit(&command).await;
            if answer.status() == StatusCode::OK {
                continue;
            }
            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert!(answer.headers().contains_key("retry-after"));
            break answer.json::<Value>().await.expect("a problem");
        }
    };
    let problem = tokio::time::timeout(PATIENCE, refused)
        .await
        .expect("it is full");
    assert_eq!(problem["type"], "urn:weltgewebe:unavailable", "{problem}");
    for n in 0..3 {
        let command = long_idea(&anna, 1000 + n);
        assert!(!anna.submit(&command).await.status().is_success());
        commands.push(command);
    }
    server.wait_for_words("make room on it");
    // It can be read still, and is not well.
    let ready = anna.get("/health/ready").await;
    assert_eq!(ready.status(), StatusCode::OK);
    let ready: Value = ready.json().await.expect("a state");
    assert_eq!(
        (&ready["status"], &ready["postgresql"]["status"]),
        (&"degraded".into(), &"degraded".into())
    );
    disk.make_room();

    for command in &commands {
        anna.submit_until_told(command).await;
    }
    let log = anna.log().await;
    assert_eq!(log.len() - before, commands.len(), "once each");
    for command in &commands {
        assert!(log.iter().any(|(_, id)| *id == command.id));
    }
    let ready = async {
        while anna.get("/health/ready").await.status() != StatusCode::OK {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, ready)
        .await
        .expect("it is ready again");
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");
}
