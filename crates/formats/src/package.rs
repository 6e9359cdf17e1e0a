//! What goes with open data: who may do what with them, what lies where, and whether the files are
//! those that were published.

use std::collections::BTreeMap;

use instrument::{Hash, Lang, Licence, RoundId, Text};

/// What the reader of a package must know.
#[derive(Clone, Debug, PartialEq)]
pub struct About<'a> {
    /// The survey's title.
    pub title: &'a Text,
    /// Who runs it.
    pub owner: &'a Text,
    /// Who must be credited for facts in the frame.
    pub credits: &'a Text,
    /// The round.
    pub round: RoundId,
    /// What may be done with the data.
    pub licence: Licence,
    /// Whether any answer is simulated.
    pub simulated: bool,
    /// How many units were invited, and how many answered.
    pub counts: (usize, usize),
    /// The hash of the data set that everything was made from.
    pub data: Hash,
}

/// Returns the names of files and their SHA-256 hashes, as `sha256sum --check` reads them.
pub fn write_checksums(files: &BTreeMap<String, Vec<u8>>) -> String {
    files.iter().map(|(name, bytes)| format!("{}  {name}\n", Hash::of(bytes))).collect()
}

/// Returns the terms under which the data may be used.
pub fn write_licence(about: &About<'_>) -> String {
    let owner = |lang| about.owner.get(lang);
    format!(
        "SPDX-License-Identifier: {spdx}\n{address}\n\n\
         {name_nb}. Du kan bruke, dele og bearbeide dataene, også kommersielt, når du oppgir at de \
         kommer fra {owner_nb}, viser til lisensen og sier fra om det du har endret.\n{credits_nb}\n\n\
         {name_en}. You may use, share and adapt the data, commercially too, if you say that they \
         come from {owner_en}, refer to the licence and state what you changed.\n{credits_en}\n",
        spdx = about.licence.spdx(),
        address = about.licence.address(),
        name_nb = licence_name(about.licence, Lang::NB),
        name_en = licence_name(about.licence, Lang::EN),
        owner_nb = owner(Lang::NB),
        owner_en = owner(Lang::EN),
        credits_nb = about.credits.get(Lang::NB),
        credits_en = about.credits.get(Lang::EN),
    )
}

/// Returns what a licence is called.
fn licence_name(licence: Licence, lang: Lang) -> &'static str {
    match (licence, lang == Lang::EN) {
        (Licence::CcBy40, false) => "Creative Commons Navngivelse 4.0 Internasjonal (CC BY 4.0)",
        (Licence::CcBy40, true) => "Creative Commons Attribution 4.0 International (CC BY 4.0)",
        (Licence::Nlod20, false) => "Norsk lisens for offentlige data (NLOD) 2.0",
        (Licence::Nlod20, true) => "Norwegian Licence for Open Government Data (NLOD) 2.0",
    }
}

/// Returns the file that a reader opens first, in bokmål or in English.
pub fn write_readme(about: &About<'_>, lang: Lang) -> String {
    let english = lang == Lang::EN;
    let simulated = match (about.simulated, english) {
        (false, _) => "",
        (true, false) => {
            "**Svarene er simulert.** Et dataprogram har trukket dem tilfeldig for å vise hvordan \
             slike data ser ut. De sier ingenting om virkelige kommuner og bydeler.\n\n"
        }
        (true, true) => {
            "**The answers are simulated.** A computer program drew them at random to show what \
             such data look like. They say nothing about real municipalities and districts.\n\n"
        }
    };
    let text = if english { README_EN } else { README_NB };
    let (invited, answered) = about.counts;
    let filled = [
        ("{title}", about.title.get(lang).to_owned()),
        ("{owner}", about.owner.get(lang).to_owned()),
        ("{round}", about.round.to_string()),
        ("{simulated}", simulated.to_owned()),
        ("{invited}", invited.to_string()),
        ("{answered}", answered.to_string()),
        ("{licence}", licence_name(about.licence, lang).to_owned()),
        ("{address}", about.licence.address().to_owned()),
        ("{credits}", about.credits.get(lang).to_owned()),
        ("{data}", about.data.to_string()),
    ];
    filled.iter().fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value))
}

const README_NB: &str = include_str!("../assets/readme.nb.md");
const README_EN: &str = include_str!("../assets/readme.en.md");
