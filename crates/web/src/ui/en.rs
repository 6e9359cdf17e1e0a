//! English.

use instrument::Notation;

use super::{
    Home, Input, Invitation, ListWords, Page, PrefillWords, ProblemText, Problems, Receipt, Review,
    Shapes, Staff, Tasks, Ui, hands, readers, saving,
};

pub(super) const EN: Ui = Ui {
    skip: "Skip to main content",
    language: "Language",
    simulated: "Simulated answers.",
    simulated_means: "The answers in this round were drawn by a program. No municipality gave them.",
    deadline: |date| format!("Please answer by {date}."),
    date: |date| Notation::EN.day(date),
    month: |date| format!("{} {}", Notation::EN.month(date), date.year()),
    moment: |date, hour, minute| format!("{date} at {hour:02}:{minute:02}"),
    short_date: |date| format!("{} {}", date.day(), &Notation::EN.month(date)[..3]),
    decimal_mark: '.',
    group_mark: ',',
    percent: |number| format!("{number}%"),
    home: Home {
        heading: "No report has been published here yet.",
        answer: "Are you answering the survey? Use the personal link in the e-mail you received.",
        staff: "For those who work with the survey",
    },
    invitation: Invitation {
        kicker: "Invitation to answer",
        lead: "You coordinate the response. You see every section, and you sign at the end.",
        lead_delegate: "A colleague has asked you to answer part of the survey.",
        asked: "Who is asked",
        asked_by: "Who is asking",
        you: "This link belongs to",
        deadline: "Answer by",
        parts: "Sections",
        how_heading: "How it works",
        how: [
            "Your answers are saved each time you move to another page. You can take a break and come back with the same link.",
            "Hand in each section when it is finished. Some questions depend on your earlier answers.",
            "When all sections are handed in, you check the answers and sign. You then get a receipt with a copy of every answer.",
        ],
        how_delegate: [
            "Your answers are saved each time you move to another page. You can take a break and come back with the same link.",
            "Some questions depend on your earlier answers.",
            "When you have finished, hand in your section. The coordinator signs for the whole response.",
        ],
        begin: "Open the survey",
        personal: "This link is personal. Anyone who has it can read and change the answers. Please do not forward it.",
    },
    tasks: Tasks {
        title: "Sections of the survey",
        lead: |done, all| match all {
            1 => "Choose the section to answer it.".to_owned(),
            all => {
                format!("{done} of {all} sections have been handed in. Choose a section to answer.")
            }
        },
        ready: "All sections have been handed in. Check the answers and sign.",
        not_begun: "Not started",
        begun: "Started",
        done: "Handed in",
        questions: |n| {
            if n == 1 { "1 question".to_owned() } else { format!("About {n} questions") }
        },
        answered: |answered, all| format!("{answered} of {all} questions answered"),
        holder: |name| format!("With {name}"),
        with_you: "With you",
        to_review: "Check and sign",
        review_means: "You can check the answers at any time, and sign when all sections have been handed in.",
        delegate: "You see only the sections you have been asked to answer. Once they are handed in, you are done.",
        signed: "The response has been signed and submitted",
        signed_means: "The answers cannot be changed while the response is signed.",
        to_receipt: "See the receipt",
        beside: |round| format!("See what you answered in {round}, beside others"),
    },
    hands: hands::EN,
    saving: saving::EN,
    readers: readers::EN,
    page: Page {
        error_title: "Error:",
        progress: |page, pages| format!("Page {page} of {pages}"),
        next: "Save and continue",
        back: "Back",
        exit: "Save and exit",
        required: "(must be answered)",
        new_question: "A further question, based on your answer",
        alone: "Cannot be combined with other answers",
        term: ["What is meant by “", "”?"],
        clear: "Clear this answer",
        summary_wrong: "Something must be corrected before you continue",
        summary_look: "Please check this before you continue",
        summary_conflict: "Something has changed since you opened the page",
        rest_saved: "Your other answers on this page have been saved.",
        conflict: |who, when| format!("This was changed by {who} on {when}."),
        conflict_theirs: |value| format!("The answer saved now: {value}"),
        conflict_withdrawn: "The answer was removed.",
        conflict_do: "Your answer is in the form but has not been saved. Choose which one should stand, and save again.",
        conflict_look: "The list has therefore not been changed. Look it over, and press once more if you still want to change it.",
        colleague: "a colleague",
        staff: "a member of the survey team",
        simulation: "the simulation",
        choose_any: "You can choose more than one.",
        choose_in_rows: "Choose as many as apply in each row.",
        choose_between: |min, max| format!("Choose from {min} to {max}."),
        choose_at_least: |min| format!("Choose at least {min}."),
        choose_at_most: |max| format!("Choose at most {max}."),
        rank: |most, some| {
            let rest = if some { " Leave the rest open." } else { "" };
            match most {
                1 => format!("Give 1 to the one that comes first.{rest}"),
                2 => format!("Give 1 to the first and 2 to the next.{rest}"),
                most => format!(
                    "Give each its place: 1 to the first, 2 to the next, and so on to {most}.{rest}"
                ),
            }
        },
        no_place: "Not placed",
        together: "In all",
        of: "of",
        search: "Begin to write, and choose from the list.",
        did_you_mean: "Did you mean one of these?",
        not_calculated: "Calculated once the answers above are given",
        list: ListWords {
            add: |each| format!("Add {each}"),
            remove: |row| format!("Remove {row}"),
            nothing: "We have none",
            empty: "None listed",
        },
        prefill: PrefillWords {
            fetch: |round| format!("Fetch the answer of {round}"),
            fill_in: "Fill in what we know",
            fetched: |round| {
                format!(
                    "This is the answer of {round}. See whether it still holds, and correct it if it does not."
                )
            },
            filled_in: "We have filled in what we know. See whether it is right, and correct it if it is not.",
            confirm: "It is right",
        },
        limit: |n| {
            format!(
                "At most {n} characters. Please leave out names and other details about individuals."
            )
        },
    },
    input: Input {
        unknown_option: "Choose one of the answers on the list",
        several: "Give only one answer",
        exclusive: |option| format!("“{option}” cannot be combined with other answers"),
        too_few: |n| format!("Choose at least {n}"),
        too_many: |n| format!("Choose at most {n}"),
        not_listed: |written| format!("“{written}” is not on the list"),
        not_a_number: "Enter a number, for example 12",
        not_whole: "Enter a whole number, without decimals",
        below: |n| format!("Enter a number that is {n} or more"),
        above: |n| format!("Enter a number that is {n} or less"),
        too_long: |n| format!("The text is too long. It can have at most {n} characters"),
        answer_and_box: "Write an answer or tick the box, not both",
        same_place: |place| format!("Two have been given place {place}"),
        other_sum: |sum, total| format!("In all it is {sum}, but it should be {total}"),
        required: "This question must be answered",
        blank: "You have left this blank. Go on if that is meant",
    },
    files: super::files::EN,
    shapes: Shapes {
        date: |example| format!("Write day, month and year, for example {example}"),
        month: |example| format!("Write month and year, for example {example}"),
        year: |example| format!("Write the year with four digits, for example {example}"),
        time: |example| format!("Write hours and minutes, for example {example}"),
        email: |example| format!("Write an e-mail address, for example {example}"),
        url: |example| format!("Write a web address, for example {example}"),
        organisation_number: |example| format!("Write nine digits, for example {example}"),
        example: |example| format!("For example {example}"),
        check_digit: "The number cannot be right: its check digit does not fit. Look for a wrong digit",
        before: |date| format!("The date cannot be before {date}"),
        after: |date| format!("The date cannot be after {date}"),
    },
    review: Review {
        section_title: "Check and hand in the section",
        section_lead: "These are the answers in this section. Hand it in when everything is right.",
        case_title: "Check and sign",
        case_lead: "These are all the answers as they are saved now.",
        unanswered: "Not answered",
        change: "Change",
        answer: "Answer",
        must_heading: "This must be corrected before you can hand in",
        look_heading: "Please check this",
        not_confirmed: "Filled in, but not confirmed",
        unanswered_heading: |n| {
            if n == 1 {
                "1 question has not been answered".to_owned()
            } else {
                format!("{n} questions have not been answered")
            }
        },
        unanswered_means: "You can hand in anyway, but we would like an answer to everything you can answer.",
        done: "This section has been handed in. You can still correct answers until the whole response is signed.",
        hand_in: "Hand in the section",
        later: "Hand in later",
        to_tasks: "To the overview",
        waiting: "These sections must be handed in before you can sign",
        sign_heading: "Sign and submit",
        sign_means: "By signing you confirm that the answers above are given on behalf of the municipality or district. You can open the response again as long as the survey is open.",
        sign: "Sign and submit",
        changed: "Someone changed an answer while you were reading",
        changed_means: "The response has therefore not been signed. Below are the answers as they are now. Please check them and sign again.",
    },
    receipt: Receipt {
        title: "Receipt",
        thanks: "Thank you. The response has been signed and submitted.",
        unit: "Response for",
        survey: "Survey",
        signed_by: "Signed by",
        signed_at: "Time",
        mark: "Check mark",
        keep: "This page is your receipt, with a copy of every answer. Print it or save it as a PDF for your records.",
        print: "Print the receipt",
        keep_pdf: "This page is your receipt, with a copy of every answer. Download it as a PDF for your records.",
        pdf: "Download as PDF",
        reopen_heading: "Is something wrong?",
        reopen_means: |date| {
            format!(
                "You can open the response again until the end of {date}. You must then sign again."
            )
        },
        reopen: "Open the response again",
    },
    problems: Problems {
        link: ProblemText {
            heading: "This link does not work",
            what: "It may be mistyped, expired or replaced by a new one.",
            todo: "Use the link in the latest e-mail you received about the survey, and make sure you have all of it. If it still does not work, contact the sender.",
        },
        session: ProblemText {
            heading: "Please open your personal link again",
            what: "This page belongs to a response that is not open in this browser.",
            todo: "Go to the e-mail about the survey and open the link there. Everything that was saved is still there.",
        },
        closed: ProblemText {
            heading: "The survey is not open",
            what: "Answers cannot be saved now, because the field period has not begun or is over.",
            todo: "Whatever was saved before is safe. Contact the sender if you still need to answer.",
        },
        signed: ProblemText {
            heading: "The response has been signed",
            what: "A signed response cannot be changed. What you just entered has not been saved.",
            todo: "The coordinator can open the response again from the receipt as long as the survey is open.",
        },
        cross_site: ProblemText {
            heading: "The form came from another site",
            what: "For security we accept answers from our own pages only. Nothing has been changed.",
            todo: "Open your personal link and try again.",
        },
        unreadable: ProblemText {
            heading: "We could not read the form",
            what: "What was sent did not have the form that we expect. Nothing has been changed.",
            todo: "Go back, reload the page and try again.",
        },
        not_found: ProblemText {
            heading: "We cannot find the page",
            what: "The address may be mistyped, or the page has moved.",
            todo: "If you are answering the survey, use the link in your e-mail.",
        },
        method: ProblemText {
            heading: "The page cannot be used like this",
            what: "The page exists, but cannot take what was sent to it.",
            todo: "Go back and try again.",
        },
        too_large: ProblemText {
            heading: "The form is too large",
            what: "What was sent is larger than we accept. Nothing has been changed.",
            todo: "Go back, shorten the texts and save again.",
        },
        too_many: ProblemText {
            heading: "Too many attempts",
            what: "There have been too many attempts in a short time.",
            todo: "Wait a minute and try again.",
        },
        too_slow: ProblemText {
            heading: "It took too long",
            what: "We did not receive the whole form in time, so we do not know whether everything was saved.",
            todo: "Reload the page and see whether your answers are there.",
        },
        broken: ProblemText {
            heading: "Something went wrong on our side",
            what: "The error has been logged. What you saved before is safe.",
            todo: "Wait a little and try again.",
        },
    },
    staff: Staff {
        title: "For staff",
        log_in: "Log in",
        name: "User name",
        password: "Password",
        wrong: "The user name or the password is wrong",
        log_out: "Log out",
        rounds: "Rounds",
        round: |year| format!("Round {year}"),
        in_field: |from, to| format!("In the field from {from} to {to}."),
        not_opened: "Not opened",
        rate: "response rate",
        answered: "have answered",
        invited: "invited",
        begun: "started, not handed in",
        signed: "signed",
        rate_rule: |n| {
            if n == 1 {
                "A unit has answered when at least one section is handed in.".to_owned()
            } else {
                format!("A unit has answered when at least {n} sections are handed in.")
            }
        },
        by_day: "Responses by day",
        by_day_chart: |day, most| {
            format!("Bar chart: new responses per day. Most came on {day}: {most}.")
        },
        by_day_empty: "Nobody has answered yet.",
        as_table: "Show the figures as a table",
        day: "Day",
        that_day: "Responses that day",
        in_all: "Responses in all",
        by_county: "By county",
        by_size: "By size",
        county: "County",
        size: "Size",
        cases: "Municipalities and districts",
        all_counties: "All counties",
        all_states: "All",
        state: "State",
        show: "Show",
        shown: |shown, all| format!("Showing {shown} of {all}."),
        unit: "Unit",
        state_not_begun: "Not started",
        state_begun: "Started",
        state_answered: "Has answered",
        state_signed: "Signed",
        key: "Key",
        with_colleague: "with a colleague",
        history: "History",
        confirmed: "Answers with a reason",
        history_empty: "Nothing has happened yet.",
        back_to_round: "Back to the round",
        when: "When",
        who: "Who",
        what: "What",
        informant: |id| format!("Informant {id}"),
        member: |name| format!("Staff member {name}"),
        action_answered: "Answered",
        action_handed_in: "Handed in the section",
        action_opened: "Opened the section again",
        action_assigned: "Handed the section to a colleague",
        action_link: "Made a personal link",
        action_revoked: "Revoked a personal link",
        for_coordinator: "coordinator",
        for_delegate: "colleague",
        action_signed: "Signed",
        action_reopened: "Opened the response again",
    },
};
