//! `survey.yaml`: what holds for every round of a survey.

use std::collections::BTreeMap;

use crate::plural::{self, PluralRule};
use crate::{Choice, Code, Hash, Lang, RoleId, SurveyId, Text};

/// What holds for every round of a survey.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// Its name, the same as its folder's.
    pub id: SurveyId,
    /// Its title.
    pub title: Text,
    /// Who runs it.
    pub owner: Text,
    /// Its languages; the first is the one that texts fall back on.
    pub languages: Vec<Lang>,
    /// Who answers its sections.
    pub roles: Vec<Role>,
    /// How units are grouped by population, from the smallest; used for tables and weighting.
    pub size_classes: Vec<SizeClass>,
    /// The plural forms of languages that are not known without being told.
    pub plurals: Vec<(Lang, Vec<PluralRule>)>,
    /// Who must be credited for facts in the frame.
    pub credits: Text,
    /// What others may do with the published data; without it no open data are published.
    pub licence: Option<Licence>,
    /// The lists of options of its folder, by their files.
    pub lists: BTreeMap<String, OptionList>,
    /// Where the site is published, for files that must name whole addresses.
    pub address: Option<String>,
}

/// A list of options that lies in a file of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionList {
    /// The options, in the order of the file.
    pub options: Vec<Choice>,
    /// The hash of the file.
    pub hash: Hash,
}

/// What others may do with the published data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Licence {
    /// Creative Commons Attribution 4.0 International.
    CcBy40,
    /// The Norwegian Licence for Open Government Data 2.0.
    Nlod20,
}

/// Somebody who answers one or more sections.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Its name.
    pub id: RoleId,
    /// What it is called.
    pub title: Text,
}

/// A class of units by population.
#[derive(Clone, Debug, PartialEq)]
pub struct SizeClass {
    /// Its code.
    pub code: Code,
    /// What it is called.
    pub title: Text,
    /// The smallest population that belongs to it.
    pub from: u64,
}

impl Licence {
    /// Returns the name by which SPDX knows it.
    pub fn spdx(self) -> &'static str {
        match self {
            Licence::CcBy40 => "CC-BY-4.0",
            Licence::Nlod20 => "NLOD-2.0",
        }
    }

    /// Returns the address of its text.
    pub fn address(self) -> &'static str {
        match self {
            Licence::CcBy40 => "https://creativecommons.org/licenses/by/4.0/",
            Licence::Nlod20 => "https://data.norge.no/nlod/no/2.0",
        }
    }
}

impl Survey {
    /// Returns the rules for the plural forms of a language.
    pub fn plurals(&self, lang: Lang) -> Vec<PluralRule> {
        let own = self.plurals.iter().find(|(known, _)| *known == lang);
        own.map_or_else(|| plural::rules(lang), |(_, rules)| rules.clone())
    }

    /// Returns the index of the size class that a population belongs to.
    pub fn size_class(&self, population: u64) -> Option<usize> {
        self.size_classes.iter().rposition(|class| class.from <= population)
    }

    /// Returns the title of a role; its name where the survey does not know it.
    pub fn role_title<'a>(&'a self, role: &'a RoleId, lang: Lang) -> &'a str {
        self.roles.iter().find(|r| r.id == *role).map_or(role.as_str(), |r| r.title.get(lang))
    }
}
