//! Where features begin and end, in files of every form and in broken ones.

use std::io::{self, Read};

use server::import::ScanError;
use server::import::scan::{Broken, FEATURE_BYTES_MAX, Features};

/// Gives its bytes one by one, as a slow pipe does.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.len().min(1).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

/// The features as text, each with its line, and the error at the end if there is one.
fn scan(bytes: &[u8]) -> (Vec<String>, Option<ScanError>) {
    let (mut found, mut error) = (Vec::new(), None);
    for one in Features::new(Slow(bytes)) {
        match one {
            Ok(one) => found.push(match one.text {
                Ok(text) => format!("{}: {}", one.at.line, String::from_utf8_lossy(&text)),
                Err(broken) => format!("{}: {broken:?}", one.at.line),
            }),
            Err(scan) => error = Some(scan),
        }
    }
    (found, error)
}

fn whole(text: &str) -> Vec<String> {
    let (found, error) = scan(text.as_bytes());
    assert!(error.is_none(), "{text}: {error:?}");
    found
}

#[test]
fn collections_are_found_whatever_stands_around_their_features() {
    for text in [
        r#"{"type":"FeatureCollection","features":[{"a":1},{"b":"]}"}]}"#,
        r#"{"features":[{"a":1},{"b":"]}"}],"type":"FeatureCollection","bbox":[1,2,3,4]}"#,
        r#"{"type":"FeatureCollection","metadata":{"features":[1,2]},"features":[{"a":1},{"b":"]}"}]}"#,
        "\u{feff}{\"features\" : [ {\"a\":1} , {\"b\":\"]}\"} ] , \"x\" : \"\\\"features\\\":[\" }\r\n",
        r#"{"crs":{"properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[{"a":1},{"b":"]}"}]}"#,
    ] {
        assert_eq!(whole(text), [r#"1: {"a":1}"#, r#"1: {"b":"]}"}"#], "{text}");
    }
    assert_eq!(whole(r#"{"features":[]}"#), [""; 0]);
    assert_eq!(whole(r#"{"features":[null,7]}"#), ["1: null", "1: 7"]);
    // No collection, so it is taken for a feature, and refused as what it is.
    assert_eq!(whole(r#"{"features":{"a":[1]}}"#).len(), 1);
}

#[test]
fn features_stand_in_lines_and_in_sequences_too() {
    let lines = "{\"a\":1}\n{\"b\":{\"c\":[]}}\r\n\n{\"d\":2}";
    let wanted = ["1: {\"a\":1}", "2: {\"b\":{\"c\":[]}}", "4: {\"d\":2}"];
    assert_eq!(whole(lines), wanted);
    let sequence = "\u{1e}{\"a\":1}\n\u{1e}{\"b\":{\"c\":[]}}\n\n\u{1e}{\"d\":2}\n";
    assert_eq!(whole(sequence), wanted);
    let collections = "{\"features\":[{\"a\":1}]}\n{\"features\":[{\"b\":2}]}\n";
    assert_eq!(whole(collections), ["1: {\"a\":1}", "2: {\"b\":2}"]);
}

#[test]
fn a_record_that_is_cut_off_costs_no_other() {
    for cut in [
        "{\"a\":",
        "{\"a\":\"x",
        "{\"a\":\"x\\",
        "{\"a\":{\"b\":[1,",
        "{",
        "{\"a",
        "{\"a\"",
        "{\"a\":tr",
        "{\"features\":[",
        "{\"features\":[{\"a\":",
        "{\"features\":[],",
    ] {
        let text = format!("\u{1e}{cut}\u{1e}{{\"b\":2}}\n");
        assert_eq!(whole(&text), ["1: CutOff", "1: {\"b\":2}"], "{cut}");
    }
}

#[test]
fn a_file_that_ends_too_early_says_where_after_all_that_was_whole() {
    let file = "{\"features\":[\n{\"a\":1},\n{\"b\":\"ü\"}\n]}";
    for end in 1..file.len() {
        let (found, error) = scan(&file.as_bytes()[..end]);
        let Some(ScanError::Truncated { at, began }) = error else {
            panic!("{end}: {error:?}");
        };
        assert_eq!(at.byte, end as u64);
        assert!(began.byte <= at.byte && began.line <= at.line);
        let complete = usize::from(end >= 21) + usize::from(end >= 33);
        assert_eq!(found.len(), complete, "{end}");
    }
    let (_, error) = scan(&file.as_bytes()[..28]);
    let words = error.expect("an error").to_string();
    assert_eq!(
        words,
        "it ends at line 3 (byte 28) in the middle of what began at line 3 (byte 23). Fix: get the whole file"
    );
}

#[test]
fn what_is_no_geojson_says_so() {
    for (bytes, wanted) in [
        (&b""[..], "empty"),
        (b" \n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe{\x00", "UTF-8"),
        (b"\xfe\xff\x00{", "UTF-8"),
        (b"\x1f\x8b\x08\x00", "the byte 0x1f"),
        (b"[1,2]", "“[”"),
        (b"id,name\n1,Haus", "“i”"),
        (b"{\"a\":1} trailing", "byte 8"),
        (b"{\"features\":[{\"a\":1]}", "“]” where } is expected"),
        (
            b"{\"features\":[{\"a\":1}}",
            "“}” where a value is expected",
        ),
        (b"{a:1}", "a name in quotes"),
        (b"{\"a\" 1}", "a colon"),
        (
            b"{\"crs\":{\"name\":\"EPSG:31256\"},\"features\":[]}",
            "EPSG:31256",
        ),
    ] {
        let (_, error) = scan(bytes);
        let words = error.map_or(String::new(), |error| error.to_string());
        assert!(
            words.contains(wanted),
            "{:?}: {words}",
            String::from_utf8_lossy(bytes)
        );
    }
    let deep = format!("{{\"features\":[{}", "[".repeat(100_000));
    assert!(matches!(
        scan(deep.as_bytes()).1,
        Some(ScanError::TooDeep { .. })
    ));
}

#[test]
fn a_feature_without_measure_is_skipped_and_the_next_one_found() {
    let long = "x".repeat(FEATURE_BYTES_MAX);
    let text = format!("{{\"features\":[{{\"a\":\"{long}\"}},\n{{\"b\":2}}]}}");
    let found: Vec<_> = Features::new(text.as_bytes())
        .map(|one| one.expect("readable"))
        .collect();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].text, Err(Broken::TooLarge));
    assert_eq!(
        (found[1].at.line, &found[1].text),
        (2, &Ok(b"{\"b\":2}".to_vec()))
    );
    // Before its features are reached a collection may say whatever it wants.
    let text = format!("{{\"about\":\"{long}\",\"features\":[{{\"b\":2}}]}}");
    assert_eq!(Features::new(text.as_bytes()).count(), 1);
}

#[test]
fn reading_that_fails_is_told_once() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let mut features = Features::new(Failing);
    let error = features.next().expect("an answer").expect_err("an error");
    assert!(error.to_string().contains("the disk is gone"));
    assert!(features.next().is_none());
}
