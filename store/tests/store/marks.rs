//! What lies in an area is what its corners enclose, and what is asked for it is found by an index.

use domain::area::Area;
use domain::place::Place;
use domain::spool::Placement;
use domain::weave::NodeKind;
use store::marks;
use store::weave::rebuild;

use crate::support::House;

fn place(lat: f64, lon: f64) -> Place {
    Place::from_degrees(lat, lon).expect("a place")
}

async fn titles(house: &House, area: &str, kinds: &[NodeKind], limit: u16) -> Vec<String> {
    let area = Area::from_text(area).expect("an area");
    let listed = marks::newest(&house.store, &area, kinds, limit).await;
    let listed = listed.expect("an answer");
    listed.into_iter().map(|knot| knot.node.title).collect()
}

#[tokio::test]
async fn an_area_holds_what_its_corners_enclose_also_across_the_antimeridian() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    for (title, lat, lon) in [
        ("im Dreieck", 48.404, 15.604),
        ("in seinem Kasten", 48.409, 15.609),
        ("westlich", -16.65, 179.995),
        ("östlich", -16.65, -179.995),
        ("zu weit östlich", -16.65, -179.98),
    ] {
        house.node(anna, title, place(lat, lon)).await;
    }
    house.weave();
    house.woven().await;
    let triangle = "48.40,15.60;48.40,15.61;48.41,15.60";
    assert_eq!(titles(&house, triangle, &[], 10).await, ["im Dreieck"]);
    assert!(
        titles(&house, triangle, &[NodeKind::Bed], 10)
            .await
            .is_empty()
    );
    let both = titles(&house, "179.99,-16.7,-179.99,-16.6", &[], 10).await;
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(both.contains(&"westlich".to_owned()) && both.contains(&"östlich".to_owned()));
    let all = titles(&house, "15.59,48.39,15.62,48.42", &[], 1).await;
    assert_eq!(all.len(), 1, "no more than asked for");
}

#[tokio::test]
async fn a_lost_read_model_takes_its_index_with_it_and_both_come_back() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    house.node(anna, "Hoffest", place(48.404, 15.604)).await;
    let index = "SELECT count(*) FROM pg_indexes WHERE indexname = 'messages_read_addressed'";
    assert_eq!(house.count(index).await, 1);
    let mut connection = house.database.connection().await;
    sqlx::query("DROP TABLE messages_read")
        .execute(&mut connection)
        .await
        .expect("it is dropped");
    assert_eq!(house.count(index).await, 0);
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(house.count(index).await, 1);
    assert_eq!(
        titles(&house, "15.59,48.39,15.62,48.42", &[], 9).await,
        ["Hoffest"]
    );
}
