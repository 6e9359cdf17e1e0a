//! Publishes a small invented survey and looks at everything that comes out.

#![expect(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod attack;
mod broken;
mod charts;
mod claims;
mod findings;
mod fixture;
mod pages;
mod publication;
mod quotes;
mod tables;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dataset::DataSet;
use frame::Frame;
use instrument::{Diagnostic, Lang, Plan, Survey};
use report::{
    Boundaries, CodedText, Download, Known, Previous, PublicationInput, Published, ReportText,
    RoundInField, RoundInput, Site, publish,
};

/// What a publication is made of.
struct World {
    survey: Survey,
    plan: Plan,
    next: Plan,
    before: DataSet,
    now: DataSet,
    frame: Frame,
    published: Vec<Published>,
    coded: Vec<CodedText>,
    boundaries: Option<Boundaries>,
}

impl World {
    fn new() -> World {
        World {
            survey: fixture::survey(),
            plan: fixture::plan(2023),
            next: fixture::plan(2025),
            before: fixture::before(),
            frame: fixture::frame(&fixture::now()),
            now: fixture::now(),
            published: vec![],
            coded: fixture::coded(),
            boundaries: None,
        }
    }

    fn publish(&self, texts: &[(Lang, &str)]) -> Result<Site, Vec<Diagnostic>> {
        self.publish_with(texts, vec![])
    }

    fn publish_with(
        &self,
        texts: &[(Lang, &str)],
        downloads: Vec<Download>,
    ) -> Result<Site, Vec<Diagnostic>> {
        let round = RoundInput { downloads, ..self.round(texts) };
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

    /// What is known of the round of 2023, with its reports.
    fn round(&self, texts: &[(Lang, &str)]) -> RoundInput<'_> {
        let report = |lang: Lang, text: &str| {
            let file = format!("rounds/2023/report.{lang}.md");
            (lang, ReportText { file, text: text.to_owned() })
        };
        let reports: BTreeMap<Lang, ReportText> =
            texts.iter().map(|(lang, text)| report(*lang, text)).collect();
        let previous = Some(Previous { data: &self.before, overlap: fixture::overlap() });
        RoundInput {
            plan: &self.plan,
            data: &self.now,
            previous,
            reports,
            instrument: None,
            frame: Some(&self.frame),
            published: self.published.clone(),
            coded: self.coded.clone(),
            downloads: vec![],
            known: Known::default(),
            boundaries: self.boundaries.as_ref(),
        }
    }
}

/// The world as it is; tests that change it make their own.
static WORLD: LazyLock<World> = LazyLock::new(World::new);

fn texts() -> [(Lang, &'static str); 3] {
    [
        (Lang::NB, include_str!("texts/report.nb.md")),
        (Lang::NN, include_str!("texts/report.nn.md")),
        (Lang::EN, include_str!("texts/report.en.md")),
    ]
}

/// Writes the site of the tests under `target/tmp`, to be looked at in a browser: `cargo test -p
/// report -- --ignored look`.
#[test]
#[ignore = "writes files to look at"]
fn look() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("report");
    for (path, bytes) in WORLD.publish(&texts()).unwrap().files {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
