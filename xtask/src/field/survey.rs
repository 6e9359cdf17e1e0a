//! The survey that is answered: six pages of five questions, for as many units as are wanted.

use std::fs;
use std::io::Result;
use std::path::Path;

/// Its only round.
pub(crate) const ROUND: &str = "2025";
/// Its only section.
pub(crate) const SECTION: &str = "del";
/// How many pages it has.
pub(crate) const PAGES: usize = 6;
/// How many options a choice has.
const OPTIONS: u64 = 7;

/// Returns the number of a unit.
pub(crate) fn unit(number: usize) -> String {
    format!("{:06}", number + 1)
}

/// Writes the folder of the survey.
pub(crate) fn write(folder: &Path, units: usize) -> Result<()> {
    let round = folder.join("rounds").join(ROUND);
    fs::create_dir_all(&round)?;
    fs::create_dir_all(folder.join("frame"))?;
    fs::write(folder.join("survey.yaml"), SURVEY)?;
    fs::write(folder.join("frame").join(format!("{ROUND}.csv")), frame(units))?;
    fs::write(round.join("plan.yaml"), PLAN)?;
    fs::write(round.join("questionnaire.yaml"), questionnaire())
}

const SURVEY: &str = "\
survey: field
title: { nb: Feltet }
owner: { nb: Runde }
languages: [nb]
roles:
  - { id: informant, title: { nb: Den som svarer } }
size_classes:
  - { id: alle, from: 0, title: { nb: Alle } }
credits: { nb: Oppdiktede enheter }
";

const PLAN: &str = "\
opens: 2025-01-01
closes: 2125-12-31
answered: { sections: 1 }
base: answered
estimator: unweighted
weighting: { cells: [size], smallest_cell: 1 }
change: { level: 0.05, same_within: 7 points }
disclosure: { smallest_base: 1, smallest_cell: 1, national: publish }
";

fn frame(units: usize) -> String {
    let head = "id,name,kind,parent,county_id,county,population,centrality,kostra_group,\
                language_form,sami_area,lon,lat\n";
    let row = |number| {
        let unit = unit(number);
        format!("{unit},Enhet {unit},municipality,,15,Fylket,1000,3,11,bokmål,0,6.1,62.7\n")
    };
    head.to_owned() + &(0..units).map(row).collect::<String>()
}

fn questionnaire() -> String {
    let head = format!(
        "round: {ROUND}\nsections:\n  - id: {SECTION}\n    role: informant\n    \
         title: {{ nb: Det hele }}\n    pages:\n"
    );
    head + &(1..=PAGES).map(page).collect::<String>()
}

fn page(number: usize) -> String {
    let question = |name: &str, kind: &str| {
        let text =
            format!("Spørsmål {name} på side {number}, omtrent så langt som de pleier å være?");
        let indent = " ".repeat(10);
        format!(
            "{indent}- id: {name}{number}\n{indent}  kind: {kind}\n{indent}  text: {{ nb: \"{text}\" }}\n"
        )
    };
    let options: String = (0..OPTIONS)
        .map(|option| format!("              o{option}: {{ nb: Svar nummer {option} }}\n"))
        .collect();
    let choice =
        |name: &str| format!("{}            options:\n{options}", question(name, "select_one"));
    let (number, text) = (question("tall", "integer"), question("tekst", "text"));
    let choices: String = ["a", "b", "c"].into_iter().map(choice).collect();
    format!("      - questions:\n{number}{text}{choices}")
}

/// Returns the answers of a page, all of which tell of one number: whoever finds them knows which
/// save they come from, and whether it is there whole.
pub(crate) fn answers(page: usize, number: u64) -> Vec<(String, String)> {
    let choice = |name: &str| (format!("{name}{page}"), option(number));
    let mut answers =
        vec![(format!("tall{page}"), number.to_string()), (format!("tekst{page}"), text(number))];
    answers.extend(["a", "b", "c"].map(choice));
    answers
}

/// Returns the text that tells of a number.
pub(crate) fn text(number: u64) -> String {
    format!("Svar {number}: blåbærsyltetøy")
}

fn option(number: u64) -> String {
    format!("o{}", number % OPTIONS)
}
