//! Files that are broken or are not there: one sentence, and whatever came before it stays.

use std::fs;

use serde_json::json;

use crate::house::{House, Said, collection, feature, features};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_cut_off_says_where_and_the_whole_one_goes_on() {
    let house = House::new().await;
    let whole = collection(&features(100));
    let cut = whole.find("Haus 70").expect("the seventieth");
    let file = house.file("krems.geojson", &whole[..cut]);
    let said = house.import(&file, &[]);
    assert!(!said.is_success);
    let where_it_ends =
        format!("it ends at line 1 (byte {cut}) in the middle of what began at line 1");
    assert!(said.errors.contains(&where_it_ends), "{said:?}");
    assert_eq!(said.count("knotted"), 70, "{said:?}");
    assert_eq!(house.log().await.len(), 1 + 140);

    fs::write(&file, whole).expect("the whole file");
    let said = house.import(&file, &[]);
    assert!(said.is_success, "{said:?}");
    assert_eq!((said.count("unchanged"), said.count("knotted")), (70, 30));
    assert_eq!(house.log().await.len(), 1 + 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_imported_is_one_sentence_with_its_remedy() {
    let house = House::new().await;
    let good = house.places("krems.geojson", &features(1));
    let missing = house.path("nirgends.geojson");
    let binary = house.file("krems.geojson.gz", [0x1f, 0x8b, 8, 0]);
    let elsewhere = json!({ "crs": { "name": "EPSG:31256" }, "features": [feature(0)] });
    let elsewhere = house.file("gauss.geojson", elsewhere.to_string());
    let endless = "x".repeat(61);
    let nameless = house.file(".geojson", collection(&features(1)));
    for (file, arguments, wanted) in [
        (&missing, vec![], "can't be opened"),
        (
            &house.path(""),
            vec!["--source", "ordner"],
            "can't be opened: is a directory",
        ),
        (
            &binary,
            vec![],
            "the byte 0x1f where a GeoJSON object is expected",
        ),
        (&elsewhere, vec![], "EPSG:31256"),
        (
            &good,
            vec!["--source", " "],
            "a name has 1 to 60 characters",
        ),
        (&good, vec!["--source", &endless], "this one has 61"),
        (
            &good,
            vec!["--report", "/nirgends/report"],
            "can't be written",
        ),
        (
            &nameless,
            vec!["--source", "\u{7}"],
            "a name or text has control characters",
        ),
    ] {
        let said = house.import(file, &arguments);
        assert!(!said.is_success, "{said:?}");
        assert!(said.errors.contains(wanted), "{wanted}: {said:?}");
        assert!(said.errors.contains("Fix: "), "{said:?}");
    }
    // At most the role that its places would have belonged to.
    assert!(house.log().await.iter().all(|event| event.tie.is_none()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_all_is_refused_the_import_has_failed_and_where_one_is_good_it_has_not() {
    let house = House::new().await;
    let mut nowhere = feature(1);
    nowhere["geometry"] = json!(null);
    let file = house.file("krems.geojson", collection(&[nowhere.clone()]));
    let said = house.import(&file, &[]);
    assert!(!said.is_success, "{said:?}");
    assert_eq!((said.count("knotted"), said.count("refused")), (0, 1));
    assert!(
        said.errors
            .contains("was brought in: all of it was refused"),
        "{said:?}"
    );
    let file = house.file("krems.geojson", collection(&[nowhere, feature(2)]));
    let said = house.import(&file, &[]);
    assert!(said.is_success, "{said:?}");
    assert_eq!((said.count("knotted"), said.count("refused")), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_german_terminal_hears_it_in_german() {
    let house = House::new().await;
    let mut nowhere = feature(1);
    nowhere["geometry"] = json!(null);
    let mut endless = feature(2);
    endless["properties"]["name"] = "x".repeat(121).into();
    let mut latin = collection(&[feature(0), nowhere, endless, feature(3)]).into_bytes();
    let umlaut = latin.windows(6).rposition(|bytes| bytes == b"Haus 3");
    latin[umlaut.expect("a name") + 1] = 0xe4;
    latin.truncate(latin.len() - 1);
    let file = house.file("krems.geojson", latin);
    let german = |file| {
        let mut command = house.command(file, &[]);
        command.env("LC_ALL", "de_AT.UTF-8");
        Said::of(&command.output().expect("the binary"))
    };
    let said = german(&file);
    assert!(!said.is_success, "{said:?}");
    assert_eq!((said.count("geknüpft"), said.count("abgelehnt")), (1, 3));
    for wanted in [
        "ist nirgends",
        "Ein Titel hat 1 bis 120 Zeichen, dieser hat 121.",
        "nicht in UTF-8",
    ] {
        assert!(said.report.contains(wanted), "{wanted}: {said:?}");
    }
    assert!(said.errors.contains("endet sie mitten in dem"), "{said:?}");
    assert!(said.errors.contains("Abhilfe: "), "{said:?}");
    let said = german(&house.path("nirgends.geojson"));
    assert!(said.errors.contains("ist nicht zu öffnen"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_told_and_nothing_is_half_written() {
    let house = House::new().await;
    let file = house.places("krems.geojson", &features(1));
    let mut command = house.command(&file, &[]);
    command.env("DATABASE_URL", "postgres:///nirgends?host=/nirgends");
    let output = command.output().expect("the binary");
    assert!(!output.status.success());
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.contains("The database can't be used"), "{errors}");
}

/// A large file of things that nobody can place: read to its end in little memory, and each is counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_file_of_nameless_things_and_lines_takes_little_memory() {
    use nix::sys::resource::{UsageWho, getrusage};
    use std::io::Write;

    let house = House::new().await;
    let path = house.path("gross.geojson");
    let mut file = std::io::BufWriter::new(fs::File::create(&path).expect("a file"));
    let write = |file: &mut std::io::BufWriter<fs::File>, text: &str| {
        file.write_all(text.as_bytes()).expect("there is room");
    };
    write(&mut file, r#"{"type":"FeatureCollection","features":["#);
    let line: Vec<String> = (0..400).map(|n| format!("[15.6{n:03},48.41]")).collect();
    let nameless = format!(
        r#"{{"type":"Feature","geometry":{{"type":"LineString","coordinates":[{}]}},"properties":{{"ref":"{}"}}}},"#,
        line.join(","),
        "B37 ".repeat(200)
    );
    let megabytes = store::testing::at_length(8, 200);
    let nameless_count = megabytes * 1024 * 1024 / nameless.len();
    for _ in 0..nameless_count {
        write(&mut file, &nameless);
    }
    // One that is larger than any may be, and a good one behind it.
    let huge = format!(
        r#"{{"type":"Feature","properties":{{"name":"Groß","text":"{}"}},"geometry":null}},"#,
        "x".repeat(2 << 20)
    );
    write(&mut file, &huge);
    let good = feature(1).to_string();
    write(&mut file, &format!("{good}]}}"));
    file.flush().expect("there is room");
    drop(file);

    let said = house.import(&path, &[]);
    assert!(said.is_success, "{said:?}");
    assert_eq!(said.count("knotted"), 1, "{said:?}");
    assert_eq!(said.count("refused"), nameless_count as u64 + 1, "{said:?}");
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).expect("what was used");
    let megabytes_used = used.max_rss() / 1024;
    assert!(megabytes_used < 150, "{megabytes_used} MiB");
}
