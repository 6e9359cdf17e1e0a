//! Publishes a small invented survey and looks at everything that comes out.

mod broken;
mod charts;
mod findings;
mod fixture;
mod pages;

use std::collections::BTreeMap;

use dataset::DataSet;
use instrument::{Diagnostic, Lang, Plan, Survey};
use report::{
    Previous, PublicationInput, Published, ReportText, RoundInField, RoundInput, Site, publish,
};

/// What a publication is made of.
struct World {
    survey: Survey,
    plan: Plan,
    next: Plan,
    before: DataSet,
    now: DataSet,
    published: Vec<Published>,
}

impl World {
    fn new() -> World {
        World {
            survey: fixture::survey(),
            plan: fixture::plan(2023),
            next: fixture::plan(2025),
            before: fixture::before(),
            now: fixture::now(),
            published: vec![],
        }
    }

    fn publish(&self, texts: &[(Lang, &str)]) -> Result<Site, Vec<Diagnostic>> {
        let report = |lang: Lang, text: &str| {
            let file = format!("rounds/2023/report.{lang}.md");
            (lang, ReportText { file, text: text.to_owned() })
        };
        let reports: BTreeMap<Lang, ReportText> =
            texts.iter().map(|(lang, text)| report(*lang, text)).collect();
        let previous = Some(Previous { data: &self.before, overlap: fixture::overlap() });
        let round = RoundInput {
            plan: &self.plan,
            data: &self.now,
            previous,
            reports,
            published: self.published.clone(),
        };
        let in_field = vec![RoundInField {
            round: instrument::RoundId::new(2025).unwrap(),
            plan: &self.next,
            response: Some(frame::Dispositions {
                complete: 100,
                partial: 49,
                non_contact: 223,
                ..Default::default()
            }),
            simulated: true,
        }];
        publish(&PublicationInput { survey: &self.survey, rounds: vec![round], in_field })
    }
}

fn texts() -> [(Lang, &'static str); 3] {
    [
        (Lang::NB, include_str!("texts/report.nb.md")),
        (Lang::NN, include_str!("texts/report.nn.md")),
        (Lang::EN, include_str!("texts/report.en.md")),
    ]
}

/// Writes the site of the tests where it can be looked at in a browser: `RUNDE_LOOK=DIR cargo test -p
/// report -- --ignored look`.
#[test]
#[ignore = "writes files to look at"]
fn look() {
    let folder = std::env::var("RUNDE_LOOK").unwrap();
    for (path, bytes) in World::new().publish(&texts()).unwrap().files {
        let file = std::path::Path::new(&folder).join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
