//! What a role says of itself is what it said last of each thing.

use domain::command::Act;
use domain::spool::{Placement, Profile};
use store::weave::read;

use crate::support::House;

fn tags(tags: &[&str]) -> Option<Vec<String>> {
    Some(tags.iter().map(|&tag| tag.to_owned()).collect())
}

#[tokio::test]
async fn what_is_not_named_stays_whether_it_is_woven_at_once_or_one_by_one() {
    for at_once in [false, true] {
        let house = House::new().await;
        let anna = house.role("Anna", Placement::Hidden).await;
        let ben = house.role("Ben", Placement::Hidden).await;
        if !at_once {
            house.weave();
        }
        let describe = |about: Option<&str>, goods, skills, languages| Act::DescribeRole {
            about: about.map(str::to_owned),
            goods,
            skills,
            languages,
        };
        for act in [
            describe(Some("Gärtnerin"), tags(&["Leiter", "Saatgut"]), None, None),
            describe(
                None,
                None,
                tags(&["Bäume schneiden"]),
                tags(&["Deutsch", "العربية"]),
            ),
            describe(Some("Gärtnerin, im Ruhestand"), None, None, None),
            describe(None, tags(&[]), None, None),
        ] {
            house.act(anna, act).await.expect("a description");
            if !at_once {
                house.woven().await;
            }
        }
        if at_once {
            house.weave();
        }
        house.woven().await;
        let said = Profile {
            about: "Gärtnerin, im Ruhestand".to_owned(),
            goods: Vec::new(),
            skills: vec!["Bäume schneiden".to_owned()],
            languages: vec!["Deutsch".to_owned(), "العربية".to_owned()],
            picture: None,
        };
        let me = read::me(&house.store, anna).await.expect("an answer");
        let me = me.expect("a role");
        assert_eq!((me.profile, me.version), (said.clone(), 5));
        let shown = read::role(&house.store, anna).await.expect("an answer");
        assert_eq!(shown.expect("a role").0.profile, said);
        let silent = read::me(&house.store, ben).await.expect("an answer");
        assert!(silent.expect("a role").profile.is_empty());
    }
}
