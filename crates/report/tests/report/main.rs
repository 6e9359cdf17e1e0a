//! Publishes a small invented survey and looks at everything that comes out.

mod fixture;

use std::collections::BTreeMap;

use dataset::DataSet;
use instrument::{Diagnostic, Lang, Plan, Severity, Survey};
use report::{Previous, PublicationInput, ReportText, RoundInput, Site, publish};

/// What a publication is made of.
struct World {
    survey: Survey,
    plan: Plan,
    before: DataSet,
    now: DataSet,
}

impl World {
    fn new() -> World {
        World {
            survey: fixture::survey(),
            plan: fixture::plan(2023),
            before: fixture::before(),
            now: fixture::now(),
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
        let round =
            RoundInput { plan: &self.plan, data: &self.now, previous, reports, published: vec![] };
        publish(&PublicationInput { survey: &self.survey, rounds: vec![round], in_field: vec![] })
    }
}

fn texts() -> [(Lang, &'static str); 3] {
    [
        (Lang::NB, include_str!("texts/report.nb.md")),
        (Lang::NN, include_str!("texts/report.nn.md")),
        (Lang::EN, include_str!("texts/report.en.md")),
    ]
}

#[test]
fn dump() {
    let site = World::new().publish(&texts());
    let site = match site {
        Ok(site) => site,
        Err(diagnostics) => panic!("{diagnostics:#?}"),
    };
    for warning in &site.warnings {
        println!("{warning:?}");
        assert_eq!(warning.severity, Severity::Warning);
    }
    let root = std::path::Path::new("/tmp/report-site");
    for (path, bytes) in &site.files {
        let file = root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
