//! What the people of a case are called.

use std::collections::BTreeMap;

use store::{AccessKind, Actor, ContactId, Person};

use super::OpenCase;
use crate::problem::Problem;
use crate::ui::Ui;

/// The people of a case.
pub(crate) struct Names {
    pub(crate) people: BTreeMap<ContactId, Person>,
    /// Whoever reads the page, where that is one of them.
    own: Option<ContactId>,
    ui: &'static Ui,
}

impl OpenCase {
    /// Returns the people of the case, as whoever has opened it knows them.
    pub(crate) async fn names(&self) -> Result<Names, Problem> {
        let people = self.app.service.store.people(&self.case.id).await?;
        Ok(Names { people, own: Some(self.access.contact.clone()), ui: self.ui() })
    }

    /// Returns the same for a page that tells no more than who answered and handed in. Where that is
    /// whoever reads it, and nobody else, nobody has to be looked up.
    pub(super) async fn names_of_answers(&self) -> Result<Names, Problem> {
        let own = &self.access.contact;
        let is_other = |by: &Actor| matches!(by, Actor::Contact(contact) if contact != own);
        let answered = self.case.held.values().map(|held| &held.by);
        let handed_in = self.case.sections.values().map(|state| &state.by);
        if answered.chain(handed_in).any(is_other) {
            return self.names().await;
        }
        Ok(Names { people: BTreeMap::new(), own: Some(own.clone()), ui: self.ui() })
    }
}

impl Names {
    /// Returns the people of a case as the staff know them.
    pub(crate) fn for_staff(people: BTreeMap<ContactId, Person>, ui: &'static Ui) -> Names {
        Names { people, own: None, ui }
    }

    /// Returns what somebody is called who made a change.
    pub(crate) fn of(&self, actor: &Actor) -> String {
        match actor {
            Actor::Contact(contact) if self.own.as_ref() == Some(contact) => {
                self.ui.hands.you.to_owned()
            }
            Actor::Contact(contact) => self.contact(contact),
            Actor::Staff(name) => match self.own {
                Some(_) => self.ui.page.staff.to_owned(),
                None if name == store::COMMAND_LINE => self.ui.hands.command_line.to_owned(),
                None => (self.ui.staff.member)(name),
            },
            Actor::Simulation => self.ui.page.simulation.to_owned(),
            Actor::Sender => self.ui.hands.sender.to_owned(),
        }
    }

    /// Returns what a person is called; the erased have no name.
    pub(crate) fn contact(&self, contact: &ContactId) -> String {
        match self.people.get(contact) {
            Some(person) if person.erased_at.is_some() => self.ui.hands.erased.to_owned(),
            Some(person) => person.contact.name.clone(),
            None => self.ui.page.colleague.to_owned(),
        }
    }

    /// Returns those who may see the whole case.
    pub(crate) fn coordinators(&self) -> Vec<ContactId> {
        let people = self.people.iter().filter(|(_, person)| {
            person.kind == AccessKind::Coordinator && person.erased_at.is_none()
        });
        people.map(|(contact, _)| contact.clone()).collect()
    }
}
