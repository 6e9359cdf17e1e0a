//! Every word of the pages, once for each language. A language that lacks a text does not compile.

mod en;
mod files;
mod hands;
mod nb;
mod nn;
mod readers;
mod saving;

use std::sync::LazyLock;

use instrument::Lang;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub(crate) use files::Files;
pub(crate) use hands::Hands;
pub(crate) use readers::Readers;
pub(crate) use saving::Saving;

/// The words of the pages in one language.
pub(crate) struct Ui {
    pub(crate) skip: &'static str,
    pub(crate) language: &'static str,
    pub(crate) simulated: &'static str,
    pub(crate) simulated_means: &'static str,
    pub(crate) deadline: fn(&str) -> String,
    pub(crate) date: fn(Date) -> String,
    /// A month, of which any day is given.
    pub(crate) month: fn(Date) -> String,
    /// A date with its time of day.
    pub(crate) moment: fn(&str, i8, i8) -> String,
    /// `28. nov.`, for the axis of a chart.
    pub(crate) short_date: fn(Date) -> String,
    pub(crate) decimal_mark: char,
    pub(crate) group_mark: char,
    /// What stands between a number and the sign for percent.
    pub(crate) percent: fn(&str) -> String,
    pub(crate) home: Home,
    pub(crate) invitation: Invitation,
    pub(crate) tasks: Tasks,
    pub(crate) hands: Hands,
    pub(crate) saving: Saving,
    pub(crate) readers: Readers,
    pub(crate) page: Page,
    pub(crate) input: Input,
    pub(crate) shapes: Shapes,
    pub(crate) files: Files,
    pub(crate) review: Review,
    pub(crate) receipt: Receipt,
    pub(crate) problems: Problems,
    pub(crate) staff: Staff,
}

/// The page at `/` where nothing has been published.
pub(crate) struct Home {
    pub(crate) heading: &'static str,
    pub(crate) answer: &'static str,
    pub(crate) staff: &'static str,
}

/// The page behind a personal link.
pub(crate) struct Invitation {
    pub(crate) kicker: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) lead_delegate: &'static str,
    pub(crate) asked: &'static str,
    pub(crate) asked_by: &'static str,
    pub(crate) you: &'static str,
    pub(crate) deadline: &'static str,
    pub(crate) parts: &'static str,
    pub(crate) how_heading: &'static str,
    pub(crate) how: [&'static str; 3],
    pub(crate) how_delegate: [&'static str; 3],
    pub(crate) begin: &'static str,
    pub(crate) personal: &'static str,
}

/// The list of sections.
pub(crate) struct Tasks {
    pub(crate) title: &'static str,
    pub(crate) lead: fn(usize, usize) -> String,
    pub(crate) ready: &'static str,
    pub(crate) not_begun: &'static str,
    pub(crate) begun: &'static str,
    pub(crate) done: &'static str,
    pub(crate) questions: fn(usize) -> String,
    pub(crate) answered: fn(usize, usize) -> String,
    pub(crate) holder: fn(&str) -> String,
    pub(crate) with_you: &'static str,
    pub(crate) to_review: &'static str,
    pub(crate) review_means: &'static str,
    pub(crate) delegate: &'static str,
    pub(crate) signed: &'static str,
    pub(crate) signed_means: &'static str,
    pub(crate) to_receipt: &'static str,
    /// The way to what was answered in an earlier round, beside others.
    pub(crate) beside: fn(&str) -> String,
}

/// A page of questions.
pub(crate) struct Page {
    pub(crate) error_title: &'static str,
    pub(crate) progress: fn(usize, usize) -> String,
    pub(crate) next: &'static str,
    pub(crate) back: &'static str,
    pub(crate) exit: &'static str,
    pub(crate) required: &'static str,
    pub(crate) new_question: &'static str,
    pub(crate) alone: &'static str,
    /// What stands around a term whose definition can be opened.
    pub(crate) term: [&'static str; 2],
    pub(crate) clear: &'static str,
    pub(crate) summary_wrong: &'static str,
    pub(crate) summary_look: &'static str,
    pub(crate) summary_conflict: &'static str,
    pub(crate) rest_saved: &'static str,
    pub(crate) conflict: fn(&str, &str) -> String,
    pub(crate) conflict_theirs: fn(&str) -> String,
    pub(crate) conflict_withdrawn: &'static str,
    pub(crate) conflict_do: &'static str,
    /// What to do where a button would have changed what somebody else has just answered.
    pub(crate) conflict_look: &'static str,
    pub(crate) colleague: &'static str,
    pub(crate) staff: &'static str,
    pub(crate) simulation: &'static str,
    pub(crate) choose_any: &'static str,
    /// That each row of a grid takes several options.
    pub(crate) choose_in_rows: &'static str,
    pub(crate) choose_between: fn(u32, u32) -> String,
    pub(crate) choose_at_least: fn(u32) -> String,
    pub(crate) choose_at_most: fn(u32) -> String,
    pub(crate) limit: fn(usize) -> String,
    /// How rows are ranked, from 1 to a number; some stay blank where the second is true.
    pub(crate) rank: fn(usize, bool) -> String,
    /// What the first, empty choice of a place is called.
    pub(crate) no_place: &'static str,
    pub(crate) together: &'static str,
    pub(crate) of: &'static str,
    /// How a list is searched, and what stands over what somebody may have meant.
    pub(crate) search: &'static str,
    pub(crate) did_you_mean: &'static str,
    /// What stands in place of a value that cannot be calculated yet.
    pub(crate) not_calculated: &'static str,
    pub(crate) prefill: PrefillWords,
    pub(crate) list: ListWords,
}

/// How rows are added to a list and taken away.
pub(crate) struct ListWords {
    /// The button that adds a row of this name.
    pub(crate) add: fn(&str) -> String,
    /// The button that takes away a row of this name.
    pub(crate) remove: fn(&str) -> String,
    /// The button that says that there is nothing to put on the list.
    pub(crate) nothing: &'static str,
    /// What is said of a list of which somebody has said so.
    pub(crate) empty: &'static str,
}

/// How an answer is filled in for those who ask for it.
pub(crate) struct PrefillWords {
    /// The button that fetches the answer of a round.
    pub(crate) fetch: fn(&str) -> String,
    /// The button that fills in what is known of the unit.
    pub(crate) fill_in: &'static str,
    /// What is said of an answer that was fetched from a round.
    pub(crate) fetched: fn(&str) -> String,
    /// What is said of an answer that was filled in.
    pub(crate) filled_in: &'static str,
    /// The box that confirms it.
    pub(crate) confirm: &'static str,
}

/// What can be wrong with something that was written.
pub(crate) struct Input {
    pub(crate) unknown_option: &'static str,
    pub(crate) several: &'static str,
    pub(crate) exclusive: fn(&str) -> String,
    pub(crate) too_few: fn(u32) -> String,
    pub(crate) too_many: fn(u32) -> String,
    /// What was written that is not on a list.
    pub(crate) not_listed: fn(&str) -> String,
    pub(crate) not_a_number: &'static str,
    pub(crate) not_whole: &'static str,
    pub(crate) below: fn(&str) -> String,
    pub(crate) above: fn(&str) -> String,
    pub(crate) too_long: fn(usize) -> String,
    pub(crate) answer_and_box: &'static str,
    pub(crate) same_place: fn(i64) -> String,
    pub(crate) other_sum: fn(&str, &str) -> String,
    pub(crate) required: &'static str,
    /// Asks whether a question was meant to be left blank.
    pub(crate) blank: &'static str,
}

/// How to write a text of a given shape, each with an example, and what can be wrong with it.
pub(crate) struct Shapes {
    pub(crate) date: fn(&str) -> String,
    pub(crate) month: fn(&str) -> String,
    pub(crate) year: fn(&str) -> String,
    pub(crate) time: fn(&str) -> String,
    pub(crate) email: fn(&str) -> String,
    pub(crate) url: fn(&str) -> String,
    pub(crate) organisation_number: fn(&str) -> String,
    pub(crate) example: fn(&str) -> String,
    pub(crate) check_digit: &'static str,
    pub(crate) before: fn(&str) -> String,
    pub(crate) after: fn(&str) -> String,
}

/// Reading one's answers before they are handed in or signed.
pub(crate) struct Review {
    pub(crate) section_title: &'static str,
    pub(crate) section_lead: &'static str,
    pub(crate) case_title: &'static str,
    pub(crate) case_lead: &'static str,
    pub(crate) unanswered: &'static str,
    pub(crate) change: &'static str,
    pub(crate) answer: &'static str,
    pub(crate) must_heading: &'static str,
    pub(crate) look_heading: &'static str,
    /// What is said of an answer that was filled in and that nobody has changed or confirmed.
    pub(crate) not_confirmed: &'static str,
    pub(crate) unanswered_heading: fn(usize) -> String,
    pub(crate) unanswered_means: &'static str,
    pub(crate) done: &'static str,
    pub(crate) hand_in: &'static str,
    pub(crate) later: &'static str,
    pub(crate) to_tasks: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) sign_heading: &'static str,
    pub(crate) sign_means: &'static str,
    pub(crate) sign: &'static str,
    pub(crate) changed: &'static str,
    pub(crate) changed_means: &'static str,
}

/// What the coordinator keeps.
pub(crate) struct Receipt {
    pub(crate) title: &'static str,
    pub(crate) thanks: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) survey: &'static str,
    pub(crate) signed_by: &'static str,
    pub(crate) signed_at: &'static str,
    pub(crate) mark: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) print: &'static str,
    pub(crate) keep_pdf: &'static str,
    pub(crate) pdf: &'static str,
    pub(crate) reopen_heading: &'static str,
    pub(crate) reopen_means: fn(&str) -> String,
    pub(crate) reopen: &'static str,
}

/// What happened, and what to do about it.
#[derive(Clone, Copy)]
pub(crate) struct ProblemText {
    pub(crate) heading: &'static str,
    pub(crate) what: &'static str,
    pub(crate) todo: &'static str,
}

/// The pages that are shown in place of the one that was asked for.
pub(crate) struct Problems {
    pub(crate) link: ProblemText,
    pub(crate) session: ProblemText,
    pub(crate) closed: ProblemText,
    pub(crate) signed: ProblemText,
    pub(crate) cross_site: ProblemText,
    pub(crate) unreadable: ProblemText,
    pub(crate) not_found: ProblemText,
    pub(crate) method: ProblemText,
    pub(crate) too_large: ProblemText,
    pub(crate) too_many: ProblemText,
    pub(crate) too_slow: ProblemText,
    pub(crate) broken: ProblemText,
}

/// The pages of those who work with the survey.
pub(crate) struct Staff {
    pub(crate) title: &'static str,
    pub(crate) log_in: &'static str,
    pub(crate) name: &'static str,
    pub(crate) password: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) log_out: &'static str,
    pub(crate) rounds: &'static str,
    pub(crate) round: fn(&str) -> String,
    pub(crate) in_field: fn(&str, &str) -> String,
    pub(crate) not_opened: &'static str,
    pub(crate) rate: &'static str,
    pub(crate) answered: &'static str,
    pub(crate) invited: &'static str,
    pub(crate) begun: &'static str,
    pub(crate) signed: &'static str,
    pub(crate) rate_rule: fn(usize) -> String,
    pub(crate) by_day: &'static str,
    pub(crate) by_day_chart: fn(&str, usize) -> String,
    pub(crate) by_day_empty: &'static str,
    pub(crate) as_table: &'static str,
    pub(crate) day: &'static str,
    pub(crate) that_day: &'static str,
    pub(crate) in_all: &'static str,
    pub(crate) by_county: &'static str,
    pub(crate) by_size: &'static str,
    pub(crate) county: &'static str,
    pub(crate) size: &'static str,
    pub(crate) cases: &'static str,
    pub(crate) all_counties: &'static str,
    pub(crate) all_states: &'static str,
    pub(crate) state: &'static str,
    pub(crate) show: &'static str,
    pub(crate) shown: fn(usize, usize) -> String,
    pub(crate) unit: &'static str,
    pub(crate) state_not_begun: &'static str,
    pub(crate) state_begun: &'static str,
    pub(crate) state_answered: &'static str,
    pub(crate) state_signed: &'static str,
    pub(crate) key: &'static str,
    pub(crate) with_colleague: &'static str,
    pub(crate) history: &'static str,
    /// The heading of the answers that were confirmed with a reason.
    pub(crate) confirmed: &'static str,
    pub(crate) history_empty: &'static str,
    pub(crate) back_to_round: &'static str,
    pub(crate) when: &'static str,
    pub(crate) who: &'static str,
    pub(crate) what: &'static str,
    pub(crate) informant: fn(&str) -> String,
    pub(crate) member: fn(&str) -> String,
    pub(crate) action_answered: &'static str,
    pub(crate) action_handed_in: &'static str,
    pub(crate) action_opened: &'static str,
    pub(crate) action_assigned: &'static str,
    pub(crate) action_link: &'static str,
    pub(crate) action_revoked: &'static str,
    pub(crate) for_coordinator: &'static str,
    pub(crate) for_delegate: &'static str,
    pub(crate) action_signed: &'static str,
    pub(crate) action_reopened: &'static str,
}

/// Returns the words in `lang`; bokmål where the pages have not been written in it.
pub(crate) fn ui(lang: Lang) -> &'static Ui {
    match lang {
        Lang::NN => &nn::NN,
        Lang::EN => &en::EN,
        _ => &nb::NB,
    }
}

/// Returns what a language calls itself; its code where the pages have not been written in it.
pub(crate) fn name(lang: Lang) -> String {
    match lang {
        Lang::NB => "Bokmål".to_owned(),
        Lang::NN => "Nynorsk".to_owned(),
        Lang::EN => "English".to_owned(),
        other => other.to_string(),
    }
}

/// Returns the time in Norway, which every page uses.
pub(crate) fn oslo(at: Timestamp) -> jiff::Zoned {
    static OSLO: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::get("Europe/Oslo").expect("the time zones are compiled in"));
    at.to_zoned(OSLO.clone())
}

impl Ui {
    /// Returns a time as a reader writes it: `3. november 2025 kl. 09.05`.
    pub(crate) fn time(&self, at: Timestamp) -> String {
        let local = oslo(at);
        (self.moment)(&(self.date)(local.date()), local.hour(), local.minute())
    }

    /// Returns a number with the marks of the language. Numbers below 10 000 are not grouped, so
    /// that a year stays a year.
    pub(crate) fn number(&self, number: f64) -> String {
        let plain = self.plain_number(number);
        let (whole, rest) = match plain.split_once(self.decimal_mark) {
            Some((whole, rest)) => (whole, format!("{}{rest}", self.decimal_mark)),
            None => (plain.as_str(), String::new()),
        };
        let digits = whole.trim_start_matches('\u{2212}');
        if digits.len() < 5 {
            return plain;
        }
        let first = digits.len() % 3;
        let mut grouped = whole[..whole.len() - digits.len()].to_owned();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && index % 3 == first {
                grouped.push(self.group_mark);
            }
            grouped.push(digit);
        }
        grouped + &rest
    }

    /// Returns a number without groups, as it stands in a field.
    pub(crate) fn plain_number(&self, number: f64) -> String {
        number.to_string().replace('.', &self.decimal_mark.to_string()).replace('-', "\u{2212}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_the_marks_of_the_language() {
        for (lang, number, shown) in [
            (Lang::NB, 2015.0, "2015"),
            (Lang::NB, 12_345.5, "12\u{a0}345,5"),
            (Lang::NN, -1_234_567.0, "\u{2212}1\u{a0}234\u{a0}567"),
            (Lang::EN, 123_456.25, "123,456.25"),
            (Lang::EN, 0.0, "0"),
        ] {
            assert_eq!(ui(lang).number(number), shown);
        }
    }

    #[test]
    fn times_are_told_in_norway() {
        // 08:05 in UTC is 09:05 in Oslo in winter, and 10:05 in summer.
        let winter = "2025-11-03T08:05:00Z".parse().unwrap();
        let summer = "2025-07-03T08:05:00Z".parse().unwrap();
        assert_eq!(ui(Lang::NB).time(winter), "3. november 2025 kl. 09.05");
        assert_eq!(ui(Lang::NN).time(summer), "3. juli 2025 kl. 10.05");
        assert_eq!(ui(Lang::EN).time(winter), "3 November 2025 at 09:05");
    }
}
